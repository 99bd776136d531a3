// a client process that runs one command of lotus after the other in its working folder, and stops at the first that
// does not succeed: the real client, without the start of a process for each goal. commands come as JSON, one argument;
// `{undo_id}` in one stands for the last change that the one before it made.
import { main } from '../../scripts/client/main.ts'
import { project } from './private-lotus.ts'

const commands = JSON.parse(process.argv[2] ?? '[]') as string[][]
let undoId = ''
const write = process.stdout.write.bind(process.stdout)
process.stdout.write = (chunk: string | Uint8Array): boolean => {
  undoId = /"undo_id":"([^"]+)"(?![^]*"undo_id")/.exec(String(chunk))?.[1] ?? undoId
  return write(chunk)
}

write('ready\n')
for (const words of commands) {
  const code = await main(
    project,
    words.map((word) => word.replace('{undo_id}', undoId)),
    process.env,
  )
  write(`ended ${code}\n`)
  if (code !== 0) break
}
