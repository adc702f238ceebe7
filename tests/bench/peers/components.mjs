// One server on loopback that is as many components as wanted, all with the exposition of FILE; what
// is written to it (POST) is taken and dropped. Prints its port.
import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';

const exposition = readFileSync(process.argv[2]);
const server = createServer((request, response) => {
  if (request.method === 'GET') {
    response.setHeader('Content-Type', 'text/plain; version=0.0.4');
    response.end(request.url.startsWith('/metrics') ? exposition : 'ready\n');
    return;
  }
  request.resume();
  request.on('end', () => response.writeHead(204).end());
});
server.keepAliveTimeout = 120_000;
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
