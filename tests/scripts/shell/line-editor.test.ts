// the line that is being typed, and what comes while it is.
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openPseudoTerminal, type PseudoTerminal } from '../../support/pseudo-terminal.ts'

async function openEditor(columns = 40, term = 'xterm'): Promise<PseudoTerminal> {
  const terminal = openPseudoTerminal([process.execPath, join(import.meta.dirname, 'line-program.ts')], {
    cwd: import.meta.dirname,
    environment: { ...process.env, TERM: term },
    columns,
    rows: 10,
  })
  await terminal.until(/you> ?$/)
  return terminal
}

const left = '\u001b[D'
const notify = (terminal: PseudoTerminal): boolean => process.kill(terminal.pid, 'SIGUSR2')

describe('what comes while a line is typed', () => {
  it('is shown above it, and the line stays with its cursor', async () => {
    await using terminal = await openEditor()
    terminal.type(`hello wold${left}${left}`)
    await terminal.until('hello wold')
    notify(terminal)
    await terminal.until('notice 1')
    notify(terminal)
    await terminal.until(/^notice 1\nnotice 2\nyou> hello wold$/)
    terminal.type('r')
    await terminal.until('hello world')
    terminal.type('\r')
    await terminal.until('said: hello world')
    expect(terminal.shown()).toBe('notice 1\nnotice 2\nyou> hello world\nsaid: hello world\nyou>')
  })

  it('is shown above a line that takes several rows', async () => {
    await using terminal = await openEditor(20)
    const text = 'one two three four five six seven eight'
    terminal.type(text)
    await terminal.until(/ight$/)
    notify(terminal)
    await terminal.until('notice 1')
    await terminal.until(/ight$/)
    expect(terminal.shown().replaceAll('\n', '')).toBe(`notice 1you> ${text}`)
    terminal.type('\r')
    await terminal.until('said: one')
    expect(terminal.everything().replaceAll(/\s/g, '')).toContain(`said: ${text}`.replaceAll(' ', ''))
  })

  it('comes with the prompt on a terminal that can only write', async () => {
    await using terminal = await openEditor(40, 'dumb')
    notify(terminal)
    await terminal.until(/^you>\nnotice 1\nyou> ?$/)
    expect(terminal.raw()).not.toContain('\u001b')
  })
})

describe('Ctrl+C', () => {
  it('is told with what was typed', async () => {
    await using terminal = await openEditor()
    terminal.type('\u0003')
    await terminal.until('interrupted, empty')
    terminal.type('x\u0003')
    await terminal.until('interrupted, text')
  })
})
