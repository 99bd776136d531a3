// a program that reads lines with the shell's editor, and shows something above them with each SIGUSR2.
import { createLineEditor } from '../../../scripts/shell/line-editor.ts'

const editor = createLineEditor({
  isRich: process.env['TERM'] !== 'dumb',
  history: () => [],
  complete: async (line) => [[], line],
  clear: () => undefined,
})
let shown = 0
process.on('SIGUSR2', () => editor.printAbove(`notice ${(shown += 1)}`))

for (;;) {
  const read = await editor.read('you> ')
  if (read.kind === 'end') break
  process.stderr.write(
    read.kind === 'line' ? `said: ${read.text}\n` : `interrupted, ${read.hadText ? 'text' : 'empty'}\n`,
  )
}
