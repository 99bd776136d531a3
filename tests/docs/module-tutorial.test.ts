// the tutorial of docs/writing-a-module.md, followed step by step in a real LOTUS: every command says what the page shows.
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createPrivateLotus, project, type PrivateLotus } from '../support/private-lotus.ts'
import { runCommand } from '../support/run-command.ts'

const page = readFileSync(join(project, 'docs/writing-a-module.md'), 'utf8')
const limitMs = 240_000

interface Step {
  readonly command: string
  readonly shown: string
}
const steps: Step[] = Array.from(page.matchAll(/^```tutorial\n([\s\S]*?)^```$/gm)).flatMap(([, block]) =>
  block!.split(/^\$ /m).flatMap((step): Step[] => {
    const [command = '', ...lines] = step.split('\n')
    return command === '' ? [] : [{ command, shown: lines.join('\n').trimEnd() }]
  }),
)

let own: PrivateLotus
let environment: Readonly<Record<string, string>>
beforeAll(async () => {
  own = createPrivateLotus()
  // the page's `lotus` and `~/.lotus` are those of this test
  const bin = join(own.base, 'bin')
  mkdirSync(bin)
  const lotus = join(bin, 'lotus')
  writeFileSync(lotus, `#!/bin/sh\nexec '${process.execPath}' '${join(project, 'scripts/lotus.ts')}' "$@"\n`)
  chmodSync(lotus, 0o755)
  environment = {
    LOTUS_HOME: join(own.base, '.lotus'),
    HOME: own.base,
    LANG: 'C.UTF-8',
    PATH: `${bin}:${process.env['PATH']}`,
  }
  const started = await own.lotus(['start', '--watch'], { environment, timeoutMs: 90_000 })
  expect(started.code).toBe(0)
}, limitMs)
afterAll(async () => await own.dispose(), limitMs)

/** paths and times are the machine's. */
const told = (text: string): string =>
  text
    .replaceAll(own.base, '~')
    .replaceAll(/in \d+ ms/g, 'in N ms')
    .trimEnd()

describe('the tutorial of docs/writing-a-module.md', () => {
  it('has steps', () => {
    expect(steps.length).toBeGreaterThan(8)
  })

  it('shows what happens, step by step', { timeout: limitMs }, async () => {
    for (const { command, shown } of steps) {
      const ended = await runCommand(['bash', '-c', command], {
        cwd: own.folder,
        environment: { ...own.environment, ...environment },
        timeoutMs: 90_000,
      })
      expect(`$ ${command}\n${told(ended.stdout)}`).toBe(`$ ${command}\n${told(shown)}`)
    }
  })
})
