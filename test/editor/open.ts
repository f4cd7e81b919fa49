/**
 * `npm run editor [FOLDER]`: a real VS Code in the browser, with the extension and the example workspace, for machines
 * without a desktop build. Bound to the loopback interface; the printed URL holds the token.
 */
import path from 'node:path';
import { cacheFolder, ensureServer } from './install';
import { projectRoot } from './project';
import { startServer } from './server';

const say = (line: string): boolean => process.stdout.write(`${line}\n`);
const portFlag = process.argv.find((argument) => argument.startsWith('--port='));
const folder = path.resolve(
  process.argv.slice(2).find((argument) => !argument.startsWith('--')) ??
    path.join(projectRoot, 'examples', 'rooms'),
);
const install = await ensureServer(say);
const server = await startServer(install, {
  dataFolder: path.join(cacheFolder, 'editor-data'),
  port: portFlag ? Number(portFlag.slice('--port='.length)) : 0,
  trust: true,
  fromSource: true,
});
const extension = `vscode-remote://127.0.0.1:${server.port}${projectRoot}`;
say('\nVS Code with HiGAN Studio is open at (Ctrl-C ends it):\n');
say(`  ${server.url(folder, [['extensionDevelopmentPath', extension]])}\n`);

await new Promise<void>((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
  server.process.once('exit', () => resolve());
});
await server.stop();
