// the shell as a person has it: a real LOTUS, a real terminal, what is typed and what is seen.
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { isAlive } from '../../nucleus/process/process-start.ts'
import { createPrivateLotus, project } from '../support/private-lotus.ts'
import { openPseudoTerminal, type PseudoTerminal, type PseudoTerminalOptions } from '../support/pseudo-terminal.ts'
import { shareLotus } from '../support/shared-lotus.ts'
import { waitFor } from '../support/wait-for.ts'

const down = '\u001b[B'
const up = '\u001b[A'
const control = (letter: string): string => String.fromCharCode(letter.charCodeAt(0) - 64)

const lotus = shareLotus({ limitMs: 120_000 })
beforeEach(() => {
  rmSync(lotus.folder, { recursive: true, force: true })
  mkdirSync(join(lotus.folder, 'old stuff'), { recursive: true })
  write('shopping.txt', 'Tea\nMilk\nBread\nMilk\n')
  write('letter.md', 'Dear Anna\n')
  write('old stuff/tax papers.txt', 'paid\n')
})

const write = (name: string, text: string): void => writeFileSync(join(lotus.folder, name), text)
const isThere = (name: string): boolean => existsSync(join(lotus.folder, name))

/** a shell at its first prompt. */
async function openShell(args: string[] = [], options: Partial<PseudoTerminalOptions> = {}): Promise<PseudoTerminal> {
  const { NO_COLOR: _, ...environment } = lotus.environment
  const words = [process.execPath, join(project, 'scripts', 'lotus.ts'), 'shell', ...args]
  const terminal = openPseudoTerminal(words, {
    cwd: lotus.folder,
    columns: 90,
    rows: 30,
    ...options,
    environment: { ...environment, TERM: 'xterm-256color', ...options.environment },
  })
  await terminal.until(/> ?$/)
  return terminal
}

/** states a goal and waits for the prompt after its answer. */
async function say(terminal: PseudoTerminal, goal: string): Promise<void> {
  const seen = terminal.everything().length
  terminal.type(`${goal}\r`)
  await waitFor(() => /\n[^\n]*> ?$/.test(terminal.everything().slice(seen)), {
    timeoutMs: 30_000,
    what: () => `a prompt after ${goal}:\n${terminal.shown()}`,
  })
}

/** pipes lines into a shell; gives what it printed, and its exit code. */
async function pipe(text: string, ...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [join(project, 'scripts', 'lotus.ts'), 'shell', ...args], {
    cwd: lotus.folder,
    env: lotus.environment,
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk))
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk))
  child.stdin.on('error', () => {
    // it has seen enough before it read all of it.
  })
  child.stdin.end(text)
  const code = await new Promise<number>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (ended) => resolve(ended ?? -1))
  })
  return { code, stdout, stderr }
}

describe('a session', () => {
  it('keeps context: the second one, it, undo that', async () => {
    await using shell = await openShell()
    await say(shell, 'find all txt files')
    expect(shell.shown()).toContain('old stuff/tax papers.txt\nshopping.txt')
    await say(shell, 'how many lines does the second one have?')
    expect(shell.shown()).toContain('shopping.txt has 4 lines')
    shell.type('delete it\r')
    await shell.until(/do it\? \[y\/N\]/)
    expect(shell.shown()).toContain('delete shopping.txt (to the trash)')
    await say(shell, 'y')
    expect(isThere('shopping.txt')).toBe(false)
    await say(shell, 'undo that')
    expect(isThere('shopping.txt')).toBe(true)
    await say(shell, 'why')
    expect(shell.shown()).toMatch(/taken for +lotus\.undo[^]*undo\.last +allow +by undo/)
    shell.type('exit\r')
    expect(await shell.ended).toBe(0)
  })

  it('never guesses: what could be several things is asked about, and nothing is done', async () => {
    await using shell = await openShell()
    await say(shell, 'find all txt files')
    await say(shell, 'delete it')
    expect(shell.shown()).toContain('It is not clear what “it” means. These were listed last:')
    shell.type('copy letter.md to letter2.md\r')
    await shell.until(/do it\?/)
    await say(shell, 'y')
    await say(shell, 'delete it')
    expect(shell.shown()).toContain('letter.md or letter2.md? Say its name.')
    expect(isThere('letter.md') && isThere('letter2.md')).toBe(true)
  })

  it('ends with cd: nothing of the folder before is pointed at', async () => {
    await using shell = await openShell()
    await say(shell, 'show me letter.md')
    await say(shell, 'cd "old stuff"')
    expect(shell.shown()).toMatch(/old stuff> ?$/)
    await say(shell, 'delete it')
    expect(shell.shown()).toContain('not clear what “it” means')
    await say(shell, 'show me "tax papers.txt"')
    expect(shell.shown()).toContain('\npaid\n')
  })

  it('is this shell’s own: another one knows nothing of it, and undoes nothing of it', async () => {
    await using one = await openShell()
    await say(one, 'show me letter.md')
    await using other = await openShell()
    await say(other, 'delete it')
    expect(other.shown()).toContain('left nothing that it could be')
    await say(other, 'undo')
    expect(other.shown()).toContain('This session has changed nothing')
  })
})

describe('a question', () => {
  it('shows the difference that a write makes, and leaves all as it is after a no', async () => {
    await using shell = await openShell()
    shell.type('drop the duplicate lines of shopping.txt and then sort it\r')
    await shell.until(/do it\?/)
    expect(shell.shown()).toContain(
      '1. changed: shopping.txt\n    @@ -1,4 +1,3 @@\n     Tea\n     Milk\n     Bread\n    -Milk\n',
    )
    await say(shell, 'n')
    expect(readFileSync(join(lotus.folder, 'shopping.txt'), 'utf8')).toBe('Tea\nMilk\nBread\nMilk\n')
  })

  it('shows control and bidirectional characters as their codes, and the terminal obeys none', async () => {
    await using shell = await openShell()
    write('evil.txt', 'safe\u001b[2J\u202etxt.exe\n')
    shell.type('append "end" to evil.txt\r')
    await shell.until(/do it\?/)
    expect(shell.shown()).toContain('safe\\u001b[2J\\u202etxt.exe')
    expect(shell.shown()).toContain('+end')
    expect(shell.raw()).not.toContain('\u202e')
    expect(shell.raw()).not.toContain('\u001b[2J')
    await say(shell, 'n')
  })
})

describe('a long difference', () => {
  it('is cut, and shown whole to whoever asks for all of it', async () => {
    await using shell = await openShell([], { rows: 200 })
    write('long.txt', Array.from({ length: 100 }, (_, index) => `line ${index}\n`).join(''))
    shell.type('change long.txt to upper case\r')
    await shell.until(/… \d+ more lines; answer `all` to see them first\ndo it\? \[y\/N\]/)
    expect(shell.shown()).not.toContain('+LINE 99')
    shell.type('all\r')
    await shell.until(/\+LINE 99\ndo it\? \[y\/N\]/)
    await say(shell, 'y')
    expect(readFileSync(join(lotus.folder, 'long.txt'), 'utf8')).toContain('LINE 99')
  })
})

describe('a connection that is cut', () => {
  it('ends the shell, and what was asked is answered by nobody', async () => {
    await using shell = await openShell()
    shell.type('delete letter.md\r')
    await shell.until(/do it\?/)
    process.kill(shell.pid, 'SIGHUP')
    expect(await shell.ended).toBe(129)
    await waitFor(
      async () => {
        const { body } = await lotus.get('/runs?limit=1')
        const [run] = body['runs'] as { goal: string; status: string; ended_at: string | null }[]
        return run?.goal === 'delete letter.md' && run.ended_at !== null && run.status !== 'completed'
      },
      { timeoutMs: 30_000, what: 'the end of the goal' },
    )
    expect(isThere('letter.md')).toBe(true)
  })
})

describe('where LOTUS does not run', () => {
  it('llmsh starts it', { timeout: 120_000 }, async () => {
    const other = createPrivateLotus()
    try {
      await using shell = openPseudoTerminal([join(project, 'scripts', 'llmsh')], {
        cwd: other.folder,
        environment: { ...other.environment, TERM: 'xterm' },
      })
      await shell.until(/~\/work\b[^\n]*> ?$/, { timeoutMs: 90_000 })
      await say(shell, 'what is 1 + 1?')
      expect(shell.shown()).toContain('1 + 1 = 2')
    } finally {
      await other.dispose()
    }
  })
})

describe('the keys', () => {
  it('Ctrl+C ends the goal that runs and not the shell', async () => {
    await using shell = await openShell()
    shell.type('delete letter.md\r')
    await shell.until(/do it\?/)
    shell.type(control('C'))
    await shell.until(/\^C\nending the goal …\n[^]*cancelled before anybody said yes; nothing was changed[^]*> ?$/)
    expect(isThere('letter.md')).toBe(true)
    await say(shell, 'what is 6 * 7?')
    expect(shell.shown()).toContain('6 * 7 = 42')
  })

  it('Ctrl+C clears what is typed, and leaves at the second one on an empty line', async () => {
    await using shell = await openShell()
    shell.type('delete everything')
    await shell.until('delete everything')
    shell.type(control('C'))
    await shell.until(/\^C\n[^\n]*> ?$/)
    shell.type(control('C'))
    await shell.until(/once more, or Ctrl\+D, leaves\n[^\n]*> ?$/)
    shell.type(control('C'))
    expect(await shell.ended).toBe(0)
  })

  it('Ctrl+D leaves', async () => {
    await using shell = await openShell()
    shell.type(control('D'))
    expect(await shell.ended).toBe(0)
  })

  it('the arrows bring back what was said, in the next shell, too', async () => {
    {
      await using shell = await openShell()
      await say(shell, 'what is 2 + 2?')
      await say(shell, ' what is 3 + 3?')
      await say(shell, 'remember that the cat is called Mog')
      shell.type(up)
      await shell.until(/> remember that the cat is called Mog$/)
      shell.type(up)
      await shell.until(/> what is 2 \+ 2\?$/)
      shell.type(`${down}${down}exit\r`)
      await shell.ended
    }
    await using next = await openShell()
    next.type(`${up}${up}`)
    await next.until(/> what is 2 \+ 2\?$/)
    const path = join(lotus.home, 'shell-history')
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(readFileSync(path, 'utf8')).not.toMatch(/3 \+ 3|Mog/)
  })

  it('Tab completes commands, goals, and names with spaces in quotes', async () => {
    await using shell = await openShell()
    shell.type('/vers\t')
    await shell.until(/> \/version ?$/)
    shell.type(`${control('U')}show me old\t`)
    await shell.until(/> show me "old stuff\/$/)
    shell.type('ta\t')
    await shell.until(/> show me "old stuff\/tax papers\.txt" ?$/)
    shell.type('\r')
    await shell.until(/\npaid\n/)
    shell.type('how much swap\t')
    await shell.until(/> how much swap is there\?$/)
  })
})

describe('the screen', () => {
  it('shows a long answer a page at a time, and says so', async () => {
    await using shell = await openShell()
    write('long.txt', Array.from({ length: 60 }, (_, index) => `line ${index + 1}`).join('\n'))
    await say(shell, 'show me long.txt')
    expect(shell.shown()).toMatch(/line 27\n… 33 more lines: `more` shows the next page\n/)
    await say(shell, 'more')
    await say(shell, 'more')
    expect(shell.shown()).toContain('line 60\n')
    await say(shell, 'more')
    expect(shell.shown()).toContain('there is no more')
  })

  it('follows the width of the window', async () => {
    await using shell = await openShell([], { columns: 40 })
    await say(shell, 'delete it')
    expect(shell.shown()).toContain('It is not clear what “it” means: the\ngoal before this one left nothing that\n')
    shell.resize(100, 30)
    await say(shell, 'delete it')
    expect(shell.shown()).toContain(
      'It is not clear what “it” means: the goal before this one left nothing that it could be. Say its\n',
    )
  })

  it('has colour on a terminal, and none with NO_COLOR or TERM=dumb', async () => {
    await using colourful = await openShell()
    await say(colourful, 'what is 1 + 1?')
    expect(colourful.raw()).toContain('\u001b[2m')
    await using plain = await openShell([], { environment: { NO_COLOR: '1' } })
    await say(plain, 'what is 1 + 1?')
    // oxlint-disable-next-line no-control-regex
    expect(plain.raw()).not.toMatch(/\u001b\[[\d;]*m/)
  })

  it('gets nothing but text with TERM=dumb, where the terminal itself edits', async () => {
    await using shell = await openShell([], { environment: { TERM: 'dumb' } })
    await say(shell, 'what is 1 + 1?')
    expect(shell.shown()).toContain('1 + 1 = 2')
    expect(shell.raw()).not.toContain('\u001b')
    shell.type(control('C'))
    await shell.until(/once more/)
    shell.type(control('D'))
    expect(await shell.ended).toBe(0)
  })

  it('does not lose the lines of a paste', async () => {
    await using shell = await openShell()
    shell.type('what is 1 + 1?\rwhat is 2 + 2?\rwhat is 3')
    await shell.until(/1 \+ 1 = 2[^]*2 \+ 2 = 4[^]*> what is 3$/)
    await say(shell, ' + 3?')
    expect(shell.shown()).toContain('3 + 3 = 6')
  })
})

describe('a LOTUS that goes away', () => {
  it('is told of, shows in the prompt, and is started by the next goal, which still knows what was spoken of', async () => {
    await using shell = await openShell()
    await say(shell, 'show me letter.md')
    shell.type('delete shopping.txt\r')
    await shell.until(/do it\?/)
    process.kill(lotus.record()!.pid, 'SIGKILL')
    await shell.until(/LOTUS has gone away; the next goal starts it again\.\n[^\n]*\[stopped\]> ?$/)
    expect(isThere('shopping.txt')).toBe(true)
    await say(shell, 'what is 5 * 5?')
    expect(shell.everything()).toContain('5 * 5 = 25')
    await say(shell, 'show me letter.md')
    const { pid } = lotus.record()!
    process.kill(pid, 'SIGKILL')
    await waitFor(() => !isAlive(pid, undefined), { timeoutMs: 20_000, what: 'the end of LOTUS' })
    await say(shell, 'how many lines does it have?')
    expect(shell.everything()).toContain('letter.md has 1 line')
  }, 120_000)
})

describe('from a pipe', () => {
  it('does one goal a line, and ends with the highest exit code', async () => {
    const { code, stdout } = await pipe(
      'what is 1 + 1?\n\n# a comment\nfind all txt files\nhow many lines does the second one have?',
    )
    expect(stdout).toBe('1 + 1 = 2\nold stuff/tax papers.txt\nshopping.txt\nshopping.txt has 4 lines\n')
    expect(code).toBe(0)
    expect((await pipe('delete letter.md\nwhat is 1 + 1?\n')).code).toBe(4)
    expect((await pipe('show me /etc/shadow\n/nope\nexit\nwhat is 1 + 1?\n')).code).toBe(3)
  })

  it('gives one object of JSON a goal', async () => {
    expect(await pipe('', '--json')).toEqual({ code: 0, stdout: '', stderr: '' })
    const { code, stdout } = await pipe('what is 1 + 1?\n/nope\ndelete it\n', '--json')
    const objects = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(objects).toMatchObject([
      { status: 'completed', answer: '1 + 1 = 2' },
      { status: 'failed', code: 'USAGE' },
      { status: 'refused', code: 'REFERENCE_UNCLEAR' },
    ])
    expect(code).toBe(3)
  })

  it('--yes answers where the goal names what it is about, and not where it points', async () => {
    const { code } = await pipe('show me letter.md\ndelete it\n', '--yes')
    expect(code).toBe(4)
    expect(isThere('letter.md')).toBe(true)
    expect((await pipe('delete letter.md\n', '--yes')).code).toBe(0)
    expect(isThere('letter.md')).toBe(false)
    expect((await pipe('append "x" to shopping.txt\nundo\n', '--yes')).code).toBe(0)
    expect(readFileSync(join(lotus.folder, 'shopping.txt'), 'utf8')).toBe('Tea\nMilk\nBread\nMilk\n')
  })

  it('refuses a line without end before it fills the memory', async () => {
    const { code, stderr } = await pipe('x'.repeat(3 * 1024 * 1024))
    expect(code).toBe(2)
    expect(stderr).toContain('a line has more than 1048576 bytes')
  })
})
