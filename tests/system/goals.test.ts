// goals through the real command: many at once, one that is cancelled, and taking back what was done.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseGoal, type GoalResult } from '../support/private-lotus.ts'
import { runCommand } from '../support/run-command.ts'
import { shareLotus } from '../support/shared-lotus.ts'
import { waitFor } from '../support/wait-for.ts'

const limitMs = 120_000
const own = shareLotus({ limitMs })

/** a working folder of its own. */
function makeFolder(name: string): string {
  const folder = join(own.folder, name)
  mkdirSync(folder)
  return folder
}
const read = (...parts: string[]): string => readFileSync(join(...parts), 'utf8')

describe('20 goals at once from as many clients', () => {
  it(
    'are all done as they were said, those of two clients in one folder among them',
    { timeout: limitMs },
    async () => {
      const shared = makeFolder('shared')
      const folders = Array.from({ length: 18 }, (_, index) => makeFolder(`client-${index}`))
      writeFileSync(join(shared, 'list.txt'), 'first\n')
      for (const folder of folders) writeFileSync(join(folder, 'old.txt'), 'one\ntwo\nthree\n')
      const goalOf = (index: number): string =>
        [
          `create a file called new.txt with the text "of client ${index}"`,
          'rename old.txt to new.txt',
          'how many lines does old.txt have?',
          'make a folder notes and then create notes/today.md',
          'replace "two" with "2" in old.txt',
          'delete old.txt',
        ][index % 6]!
      const results = await Promise.all([
        ...folders.map(async (cwd, index) => await own.goal(goalOf(index), { cwd })),
        own.goal('append "of the first client" to list.txt', { cwd: shared }),
        own.goal('append "of the second client" to list.txt', { cwd: shared }),
      ])
      expect(results.map(({ status }) => status)).toEqual(results.map(() => 'completed'))
      expect(new Set(results.map(({ trace_id: traceId }) => traceId)).size).toBe(20)

      const found = folders.map((folder, index) => {
        const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted()
        if (index % 6 === 0) return [names, read(folder, 'new.txt')]
        if (index % 6 === 4) return [names, read(folder, 'old.txt')]
        return index % 6 === 2 ? [names, results[index]!.answer.includes('3')] : [names]
      })
      expect(found).toEqual(
        folders.map(
          (_, index) =>
            [
              [['new.txt', 'old.txt'], `of client ${index}\n`],
              [['new.txt']],
              [['old.txt'], true],
              [['notes', 'notes/today.md', 'old.txt']],
              [['old.txt'], 'one\n2\nthree\n'],
              [[]],
            ][index % 6],
        ),
      )
      // neither was lost, whichever came first
      expect(read(shared, 'list.txt').split('\n').toSorted()).toEqual([
        '',
        'first',
        'of the first client',
        'of the second client',
      ])
      expect((await own.lotus(['audit', 'verify'])).code).toBe(0)
    },
  )
})

describe('Ctrl+C', () => {
  it('while a person is asked ends the goal with nothing done', { timeout: limitMs }, async () => {
    const cwd = makeFolder('asked')
    writeFileSync(join(cwd, 'old.txt'), 'kept\n')
    let isInterrupted = false
    const ended = await own.lotus(['run', 'delete old.txt'], {
      cwd,
      terminal: (shown) => {
        if (isInterrupted || !shown.includes('[y/N]')) return undefined
        isInterrupted = true
        return '\u0003'
      },
    })
    expect(ended.code).toBe(130)
    expect(read(cwd, 'old.txt')).toBe('kept\n')
    const { body } = await own.get('/runs?limit=1')
    expect((body['runs'] as GoalResult[])[0]).toMatchObject({ status: expect.not.stringMatching('completed') })
  })

  it('in the middle of a plan leaves all of it or nothing', { timeout: limitMs }, async () => {
    const cwd = makeFolder('middle')
    mkdirSync(join(cwd, 'tree'))
    for (let index = 0; index < 90; index += 1)
      writeFileSync(join(cwd, 'tree', `file-${index}.txt`), `${index}\n`.repeat(2000))
    const ended = await own.lotus(['run', '--yes', '--json', 'copy the folder tree to copy'], {
      cwd,
      onChild: (child) => {
        const begun = waitFor(() => readdirSync(cwd).length > 1, { timeoutMs: 30_000, what: 'the first change' })
        void begun.then(() => child.kill('SIGINT'))
      },
    })
    const { status } = parseGoal(ended)
    await waitFor(
      async () => {
        const { body } = await own.get('/runs?limit=1')
        return ((body['runs'] as GoalResult[])[0]?.status as string) !== 'running'
      },
      { timeoutMs: 30_000, what: 'the end of the run' },
    )
    // the folder and its 90 files, once or twice
    expect(readdirSync(cwd, { recursive: true })).toHaveLength(status === 'completed' ? 182 : 91)
    expect((await own.goal('what is 2 + 3?', { cwd })).answer).toContain('5')
  })
})

describe('undo', () => {
  it('brings back a deleted folder with its contents, modes and times', { timeout: limitMs }, async () => {
    const cwd = makeFolder('undo')
    mkdirSync(join(cwd, 'tree'))
    writeFileSync(join(cwd, 'tree', 'tool.sh'), 'echo hello\n', { mode: 0o755 })
    const before = await listing(cwd)
    expect((await own.goal('delete the folder tree', { cwd })).status).toBe('completed')
    expect(existsSync(join(cwd, 'tree'))).toBe(false)
    expect((await own.lotus(['undo'], { cwd })).code).toBe(0)
    expect(await listing(cwd)).toBe(before)
  })

  it('takes back the steps of one plan together', { timeout: limitMs }, async () => {
    const cwd = makeFolder('undo-plan')
    writeFileSync(join(cwd, 'list.txt'), 'a\nb\n')
    const goal = 'replace "a" with "z" in list.txt and then rename list.txt to sorted.txt'
    const { status, steps } = await own.goal(goal, { cwd })
    expect([status, steps.length, read(cwd, 'sorted.txt')]).toEqual(['completed', 2, 'z\nb\n'])
    expect((await own.lotus(['undo'], { cwd })).code).toBe(0)
    expect((await own.lotus(['undo'], { cwd })).code).toBe(0)
    expect([readdirSync(cwd), read(cwd, 'list.txt')]).toEqual([['list.txt'], 'a\nb\n'])
  })

  it(
    'refuses where somebody has changed the same thing since, and keeps their work',
    { timeout: limitMs },
    async () => {
      const cwd = makeFolder('undo-changed')
      writeFileSync(join(cwd, 'list.txt'), 'mine\n')
      expect((await own.goal('append "by LOTUS" to list.txt', { cwd })).status).toBe('completed')
      writeFileSync(join(cwd, 'list.txt'), 'mine\nby LOTUS\nmine again\n')
      const ended = await own.lotus(['undo'], { cwd })
      expect(ended.code).not.toBe(0)
      expect(ended.stderr + ended.stdout).toContain('list.txt')
      expect(read(cwd, 'list.txt')).toBe('mine\nby LOTUS\nmine again\n')
    },
  )
})

/** names, modes and times to the nanosecond, as `find` tells them. */
async function listing(cwd: string): Promise<string> {
  const words = ['find', '.', '-mindepth', '1', '-printf', String.raw`%p %M %s %T+\n`]
  const { stdout } = await runCommand(words, { cwd, environment: own.environment })
  return stdout.split('\n').toSorted().join('\n')
}
