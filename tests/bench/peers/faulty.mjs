// Servers on loopback that fail in their own ways. Prints "PORT NAME" for each, then "ready".
import net from 'node:net';

const faults = {
  silent: () => {},
  resets: (socket) => socket.resetAndDestroy(),
  'drips a byte a second': (socket) => {
    const answer = 'HTTP/1.1 202 Accepted\r\nX-Long: ' + 'x'.repeat(1000);
    let at = 0;
    const timer = setInterval(() => socket.write(answer[at++ % answer.length]), 1000);
    socket.on('close', () => clearInterval(timer));
  },
  'says 503': (socket) =>
    socket.once('data', () => socket.end('HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n')),
  'headers without end': (socket) => {
    socket.write('HTTP/1.1 202 Accepted\r\n');
    const more = () => socket.writable && socket.write('X-More: ' + 'y'.repeat(1000) + '\r\n', more);
    more();
  },
};

for (const [name, serve] of Object.entries(faults)) {
  const server = net.createServer((socket) => {
    socket.on('error', () => {});
    serve(socket);
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  console.log(`${server.address().port} ${name}`);
}
console.log('ready');
