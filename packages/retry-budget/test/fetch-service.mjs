// A service in a process of its own: says each request that it has received, and then answers it.
import { createServer } from 'node:http';

const [port, answer] = process.argv.slice(2);
createServer((request, response) => {
  process.send({ received: `${request.method} ${request.url}` });
  if (answer === 'answers') response.end(`from ${process.pid}`);
}).listen(Number(port), '127.0.0.1', () => process.send('listening'));
