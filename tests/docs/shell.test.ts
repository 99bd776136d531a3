// the sessions in docs/shell.md and in the README, said again in a terminal: what they show is what there is to see.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createPrivateLotus, project, type PrivateLotus } from '../support/private-lotus.ts'
import { openPseudoTerminal } from '../support/pseudo-terminal.ts'
import { waitFor } from '../support/wait-for.ts'

let lotus: PrivateLotus
beforeAll(async () => {
  lotus = createPrivateLotus()
  await lotus.start()
}, 120_000)
afterAll(async () => {
  await lotus?.dispose()
})

/** the session in the first block that begins with `$ lotus shell`, without that line. */
function sessionOf(page: string): string {
  const text = readFileSync(join(project, page), 'utf8')
  const found = /^```\w+\n\$ lotus shell\n([^]*?)^```/m.exec(text)?.[1]
  if (found === undefined) throw new Error(`${page} has no session`)
  return found.trimEnd()
}

/** what somebody typed in it: goals behind the prompt, answers behind a question. */
const typedIn = (session: string): string[] =>
  Array.from(session.matchAll(/^(?:~\/harbour>|do it\? \[y\/N\]) (.+)$/gm), ([, typed]) => typed!)

/** without what is another one each time. */
const settled = (text: string): string =>
  text
    .replaceAll(lotus.folder, '/home/ada/harbour')
    // a prompt waits no longer than a moment for what it says, and the machine may be busy
    .replaceAll(/^~\/work(?: \[silent\])?>/gm, '~/harbour>')
    .replaceAll(/\b[\d.]+ m?s\b/g, '1 ms')
    .replaceAll(/\b[0-9a-f]{32}\b/g, 'ID')
    .replaceAll(/\b\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\b/g, 'TIME')

async function sayAgain(lines: readonly string[]): Promise<string> {
  const { NO_COLOR: _, ...environment } = lotus.environment
  const words = [process.execPath, join(project, 'scripts', 'lotus.ts'), 'shell']
  await using terminal = openPseudoTerminal(words, {
    cwd: lotus.folder,
    columns: 140,
    rows: 40,
    environment: { ...environment, TERM: 'xterm' },
  })
  await terminal.until(/> ?$/)
  for (const line of lines) {
    const before = terminal.everything().length
    terminal.type(`${line}\r`)
    await waitFor(() => /\n[^\n]*(?:>|\[y\/N\]) ?$/.test(terminal.everything().slice(before)), {
      timeoutMs: 30_000,
      what: () => `what comes after ${line}:\n${terminal.shown()}`,
    })
  }
  return terminal.everything().replace(/\n[^\n]*> ?$/, '')
}

describe('a session of the shell', () => {
  it.each(['docs/shell.md', 'README.md'])('in %s is what there is to see', { timeout: 120_000 }, async (page) => {
    rmSync(lotus.folder, { recursive: true, force: true })
    mkdirSync(join(lotus.folder, 'photos'), { recursive: true })
    writeFileSync(join(lotus.folder, 'shopping.txt'), 'Tea\nMilk\nBread\nMilk\n')
    writeFileSync(join(lotus.folder, 'letter.md'), 'Dear Anna,\nthe boat leaves at nine.\n')
    writeFileSync(join(lotus.folder, 'photos/list.txt'), 'rope\nsail\n')
    writeFileSync(join(lotus.folder, 'photos/pier.jpg'), Buffer.alloc(319_488))
    const session = sessionOf(page)
    expect(settled(await sayAgain(typedIn(session)))).toBe(settled(session))
  })
})
