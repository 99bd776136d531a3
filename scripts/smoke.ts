// npm run smoke: starts a LOTUS of its own in a private home, has some goals done, takes one back, stops it; under 30 s.
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const base = realpathSync(mkdtempSync(join(tmpdir(), 'lotus-smoke-')))
const home = join(base, 'home')
const folder = join(base, 'work')
const limitMs = 30_000
const startedMs = Date.now()

interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** runs `./start_lotus.sh WORDS`, as a person would. */
async function lotus(...words: string[]): Promise<Ended> {
  const { LOTUS_HTTP_TOKEN: _token, ...rest } = process.env
  const child = spawn(join(root, 'start_lotus.sh'), words, {
    cwd: folder,
    // any free port, and nothing of the person's own LOTUS
    env: { ...rest, HOME: base, LOTUS_HOME: home, LOTUS_HTTP_PORT: '0', NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: Math.max(1_000, limitMs - (Date.now() - startedMs)),
  })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  return await new Promise<Ended>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, stdout, stderr }))
  })
}

class SmokeFailure extends Error {}

/** runs it, shows it, and fails where it ends otherwise than it should. */
async function show(words: readonly string[], wanted: { code?: number; says?: RegExp } = {}): Promise<string> {
  const { code, stdout, stderr } = await lotus(...words)
  console.log(`$ lotus ${words.map((word) => (/\s/.test(word) ? `'${word}'` : word)).join(' ')}`)
  const text = stdout.trimEnd()
  if (text !== '') console.log(text.replace(/^/gm, '  '))
  if (code !== (wanted.code ?? 0)) throw new SmokeFailure(`it ended with ${code}: ${stderr.trim()}`)
  if (wanted.says !== undefined && !wanted.says.test(text))
    throw new SmokeFailure(`it should say ${String(wanted.says)}`)
  return text
}

function expectThat(holds: boolean, what: string): void {
  if (!holds) throw new SmokeFailure(what)
}

async function demonstrate(): Promise<void> {
  await show(['start'], { says: /is running, (healthy|degraded)/ })
  await show(['run', 'what is 6 times 7?'], { says: /42/ })
  await show(['run', 'how much space is left on this disk?'], { says: /free/ })
  await show([
    'run',
    '--yes',
    'make a folder notes and then create a file called notes/today.md with the text "water the plants"',
  ])
  const note = join(folder, 'notes', 'today.md')
  expectThat(readFileSync(note, 'utf8') === 'water the plants\n', 'the file does not hold what was said')
  await show(['run', '--yes', 'delete notes/today.md'], { says: /trash/ })
  expectThat(!existsSync(note), 'the file is still there')
  await show(['undo'])
  expectThat(readFileSync(note, 'utf8') === 'water the plants\n', 'undo did not bring the file back')
  await show(['run', '--yes', 'remember that the wifi password is on the fridge'])
  await show(['run', 'what do you remember about the wifi?'], { says: /fridge/ })
  await show(['run', '--yes', 'delete everything on this computer'], { code: 3 })
  await show(['run', 'delete notes/today.md'], { code: 4 })
  await show(['audit', 'verify'], { says: /whole/ })
  await show(['status'], { says: /is (healthy|degraded)/ })
  await show(['stop'], { says: /LOTUS has stopped/ })
  const left = readdirSync(join(home, 'run')).filter((name) => name !== 'last-stop.json')
  expectThat(left.length === 0, `left in run: ${left.join(', ')}`)
}

/** what still runs, by force: only what was started with our HOME. */
function endRest(): void {
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      if (readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(`HOME=${base}`))
        process.kill(Number(pid), 'SIGKILL')
    } catch {
      // ended while we looked, or somebody else's
    }
  }
}

function cleanUp(): void {
  endRest()
  rmSync(base, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => {
    cleanUp()
    process.exit(1)
  })
}

mkdirSync(folder)
try {
  await demonstrate()
  const seconds = (Date.now() - startedMs) / 1_000
  expectThat(seconds < limitMs / 1_000, `it took ${seconds.toFixed(1)} s, and should take less than ${limitMs / 1_000}`)
  console.log(`\nsmoke: all of it works, ${seconds.toFixed(1)} s`)
} catch (error) {
  console.error(`\nsmoke: failed: ${error instanceof SmokeFailure ? error.message : String(error)}`)
  const log = join(home, 'logs', 'lotus.log')
  if (existsSync(log)) console.error(readFileSync(log, 'utf8').trimEnd().split('\n').slice(-5).join('\n'))
  process.exitCode = 1
} finally {
  cleanUp()
}
