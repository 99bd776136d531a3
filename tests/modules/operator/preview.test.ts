// what a question shows before it is answered: the changes of each step, from osd, with nothing changed yet.
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Plan, PlanOutcome, StepPreview } from '../../../modules/operator/contract.ts'
import { openSession, planOf, startOsd, temporaryFolder } from './support/osd.ts'
import { snapshot } from './support/snapshot.ts'

interface Asked {
  readonly shown: readonly StepPreview[]
  readonly outcome: PlanOutcome
}

/** an osd, a working folder, and a person who looks at each question before they say yes. */
async function house() {
  const folder = temporaryFolder()
  const work = join(folder.path, 'work')
  mkdirSync(work)
  const osd = await startOsd(join(folder.path, 'home'))
  const session = await openSession(osd, work)

  /** submits, shows the changes, lets `meanwhile` happen, says yes. */
  async function ask(plan: Plan, meanwhile: () => void = () => undefined): Promise<Asked> {
    let answer = (_question: { plan_id: string; plan_hash: string }): void => undefined
    const waiting = new Promise<{ plan_id: string; plan_hash: string }>((resolve) => (answer = resolve))
    const done = session.submit(plan, { answer: 'none', onWaiting: answer })
    const question = await waiting
    const before = snapshot(work)
    const { changes } = (await session.client.call('plan.show', { ...question, changes: true })) as {
      changes: readonly StepPreview[]
    }
    expect(snapshot(work)).toEqual(before)
    meanwhile()
    await session.client.call('plan.answer', { ...question, answer: 'yes', by: 'person' })
    return { shown: changes, outcome: await done }
  }

  return {
    work,
    ask,
    write: (name: string, content: string | Buffer) => writeFileSync(join(work, name), content),
    read: (name: string) => readFileSync(join(work, name), 'utf8'),
    async [Symbol.asyncDispose]() {
      await session[Symbol.asyncDispose]()
      await osd.stop()
      folder[Symbol.dispose]()
    },
  }
}

const first = ({ shown }: Asked) => shown[0]?.changes[0]

describe('a question about a write', () => {
  it('shows a new file with all of its text', async () => {
    await using h = await house()
    const asked = await h.ask(planOf({ action: 'files.create', args: { path: 'a.txt', text: 'one\ntwo' } }))
    expect(first(asked)).toMatchObject({ kind: 'create', path: 'a.txt', diff: '@@ -0,0 +1,2 @@\n+one\n+two' })
    expect(asked.outcome.status).toBe('completed')
  })

  it('shows what is there against what would be written', async () => {
    await using h = await house()
    h.write('list.txt', 'tea\nmilk\nbread\n')
    const asked = await h.ask(
      planOf({ action: 'files.replace', args: { path: 'list.txt', find: 'milk', replace: 'oats' } }),
    )
    expect(first(asked)).toMatchObject({
      kind: 'change',
      path: 'list.txt',
      diff: '@@ -1,3 +1,3 @@\n tea\n-milk\n+oats\n bread',
    })
    expect(h.read('list.txt')).toBe('tea\noats\nbread\n')
  })

  it('shows each step on what the steps before it leave', async () => {
    await using h = await house()
    h.write('list.txt', 'b\na\nb\n')
    const asked = await h.ask(
      planOf(
        { action: 'files.transform', args: { path: 'list.txt', operation: 'unique' } },
        { action: 'files.transform', args: { path: 'list.txt', operation: 'sort' } },
        { action: 'files.copy', args: { from: 'list.txt', to: 'copies/list.txt' } },
        { action: 'files.append', args: { path: 'copies/list.txt', text: 'c' } },
      ),
    )
    expect(asked.shown.map(({ changes }) => changes.map(({ kind, path, to, diff }) => [kind, path, to, diff]))).toEqual(
      [
        [['change', 'list.txt', undefined, '@@ -1,3 +1,2 @@\n b\n a\n-b']],
        [['change', 'list.txt', undefined, '@@ -1,2 +1,2 @@\n-b\n a\n+b']],
        [
          ['folder', 'copies', undefined, undefined],
          ['copy', 'list.txt', 'copies/list.txt', undefined],
        ],
        [['change', 'copies/list.txt', undefined, '@@ -1,2 +1,3 @@\n a\n b\n+c']],
      ],
    )
    expect(h.read('copies/list.txt')).toBe('a\nb\nc\n')
  })

  it('keeps every byte of a text, so that whoever shows it can escape it', async () => {
    await using h = await house()
    const text = 'pay \u202eeva\u202c\u001b[2K\r\n'
    const asked = await h.ask(planOf({ action: 'files.create', args: { path: 'a.txt', text } }))
    expect(first(asked)?.diff).toContain('+pay \u202eeva\u202c\u001b[2K\r')
  })

  it('tells sizes where a diff would not be exact', async () => {
    await using h = await house()
    h.write('a.bin', Buffer.from([0, 1, 2]))
    const asked = await h.ask(planOf({ action: 'files.write', args: { path: 'a.bin', text: 'text' } }))
    expect(first(asked)?.diff).toBeUndefined()
    expect(first(asked)?.note).toBe('no text: 3 bytes before, 5 bytes after')
  })

  it('is bounded, and says so', async () => {
    await using h = await house()
    h.write('long.txt', Array.from({ length: 3000 }, (_, index) => `line ${index}`).join('\n'))
    const asked = await h.ask(planOf({ action: 'files.transform', args: { path: 'long.txt', operation: 'uppercase' } }))
    expect(first(asked)?.diff?.split('\n').length).toBe(400)
    expect(first(asked)?.note).toMatch(/too different to be compared line by line.*; \d+ more lines of the difference$/)
  })

  it('stops after a number of changes, and says so', async () => {
    await using h = await house()
    for (let index = 0; index < 60; index += 1) h.write(`${index}.tmp`, '')
    const asked = await h.ask(planOf({ action: 'files.delete_matching', args: { query: { extensions: ['tmp'] } } }))
    expect(asked.shown[0]?.changes).toHaveLength(40)
    expect(asked.shown[0]?.note).toContain('more changes than are shown')
    expect(asked.outcome.status).toBe('completed')
  })

  it('follows no link', async () => {
    await using h = await house()
    symlinkSync('/etc/hostname', join(h.work, 'link'))
    const asked = await h.ask(planOf({ action: 'files.write', args: { path: 'link', text: 'b' } }))
    expect(asked.shown).toMatchObject([{ changes: [], note: expect.stringContaining('not a file') }])
    expect(asked.outcome.status).toBe('failed')
  })
})

describe('a question about other changes', () => {
  it('names what goes to the trash, and what is moved where', async () => {
    await using h = await house()
    h.write('a.txt', 'a')
    h.write('b.txt', 'b')
    const asked = await h.ask(
      planOf(
        { action: 'files.move', args: { from: 'a.txt', to: 'c.txt' } },
        { action: 'files.delete', args: { paths: ['b.txt', 'c.txt'] } },
        { action: 'files.make_folder', args: { paths: ['d'] } },
      ),
    )
    expect(asked.shown.flatMap(({ changes }) => changes)).toMatchObject([
      { kind: 'move', path: 'a.txt', to: 'c.txt' },
      { kind: 'remove', path: 'b.txt' },
      { kind: 'remove', path: 'c.txt' },
      { kind: 'folder', path: 'd' },
    ])
    expect(asked.outcome.status).toBe('completed')
  })

  it('says where a step is only known once others have run', async () => {
    await using h = await house()
    h.write('a.tmp', '')
    const asked = await h.ask(
      planOf(
        { action: 'files.create', args: { path: 'b.tmp', text: '' } },
        { action: 'files.delete_matching', args: { query: { extensions: ['tmp'] } } },
      ),
    )
    expect(asked.shown[1]?.note).toContain('only known when the steps before it have run')
  })
})

describe('a yes', () => {
  it('counts for what was shown: nothing is done where the file has changed since', async () => {
    await using h = await house()
    h.write('list.txt', 'b\na\n')
    const asked = await h.ask(
      planOf({ action: 'files.transform', args: { path: 'list.txt', operation: 'sort' } }),
      () => h.write('list.txt', 'b\na\nsecret\n'),
    )
    expect(asked.outcome).toMatchObject({ status: 'failed' })
    expect(asked.outcome.reason).toContain('changed between the decision and the run')
    expect(h.read('list.txt')).toBe('b\na\nsecret\n')
  })
})
