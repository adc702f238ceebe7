// node count.mjs NAME N: adds to a count. CANDOR_SOCKET says where candor serve listens.
import { request } from "node:http";

const [name, n] = process.argv.slice(2);
const socketPath = process.env.CANDOR_SOCKET ?? "/run/candor/candor.sock";
const headers = { "Content-Type": "application/json" };

request({ socketPath, path: "/v1/counts", method: "POST", headers, timeout: 5000 }, (answer) => {
  if (answer.statusCode === 204) return answer.resume();
  process.exitCode = 1;
  answer.pipe(process.stderr);
}).end(JSON.stringify({ [name]: Number(n) }));
