// the audit chain: every row is durable before its effect, edits are found, a torn end is mended honestly.
import { appendFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openAuditChain } from '../../../modules/operator/osd/audit/chain.ts'
import { chainFiles } from '../../../modules/operator/osd/audit/files.ts'
import type { AuditRow } from '../../../modules/operator/contract.ts'
import type { OsdHealth } from '../../../modules/operator/osd/protocol.ts'
import { verifyChain } from '../../../modules/operator/osd/audit/verify.ts'
import { waitFor } from '../../support/wait-for.ts'
import { openSession, planOf, startOsd, temporaryFolder } from './support/osd.ts'

const entry = (count: number) => ({ kind: 'test.counted', traceId: 't', uid: 0, body: { count, text: 'ü\u2028"\\' } })

async function write(folder: string, rows: number, maxBytes = 1e9): Promise<void> {
  const chain = await openAuditChain(folder, { maxBytes })
  for (let count = 0; count < rows; count += 1) await chain.append(entry(count))
  await chain.close()
}

describe('the chain', () => {
  it('holds what was appended, in order, and goes on after it was closed', async () => {
    using folder = temporaryFolder()
    await write(folder.path, 5)
    await write(folder.path, 5)
    expect(await verifyChain(folder.path)).toMatchObject({ ok: true, rows: 10 })
    const chain = await openAuditChain(folder.path, { maxBytes: 1e9 })
    expect((await chain.rows({ limit: 3 })).map(({ sequence }) => sequence)).toEqual([10, 9, 8])
    await chain.close()
  })

  it('keeps rows that are appended at once together and in order', async () => {
    using folder = temporaryFolder()
    const chain = await openAuditChain(folder.path, { maxBytes: 1e9 })
    await Promise.all(Array.from({ length: 200 }, (_, count) => chain.append(entry(count), entry(count))))
    const rows = await chain.rows({ limit: 400 })
    expect(rows.toReversed().map(({ body }) => body['count'])).toEqual(
      Array.from({ length: 400 }, (_, index) => Math.floor(index / 2)),
    )
    await chain.close()
  })

  it('goes on over several files', async () => {
    using folder = temporaryFolder()
    await write(folder.path, 50, 2_000)
    await write(folder.path, 50, 2_000)
    expect((await chainFiles(folder.path)).length).toBeGreaterThan(5)
    expect(await verifyChain(folder.path)).toMatchObject({ ok: true, rows: 100 })
    const [first] = await chainFiles(folder.path)
    rmSync(first!)
    expect(await verifyChain(folder.path)).toMatchObject({ ok: false, fault: { sequence: 1 } })
  })

  it('lets no single changed byte pass', async () => {
    using folder = temporaryFolder()
    await write(folder.path, 8)
    const file = join(folder.path, 'chain.jsonl')
    const content = readFileSync(file)
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: content.length - 1 }), fc.integer({ min: 1, max: 255 }), async (at, change) => {
        const edited = Buffer.from(content)
        edited[at] = edited[at]! ^ change
        writeFileSync(file, edited)
        expect((await verifyChain(folder.path)).ok).toBe(false)
      }),
      { numRuns: 300 },
    )
  })

  it.each([
    ['a row taken out', (lines: string[]) => lines.toSpliced(3, 1)],
    ['two rows swapped', (lines: string[]) => lines.with(2, lines[3]!).with(3, lines[2]!)],
    ['a row put in twice', (lines: string[]) => lines.toSpliced(3, 0, lines[3]!)],
    ['the first row taken out', (lines: string[]) => lines.slice(1)],
    ['a field added', (lines: string[]) => lines.with(4, lines[4]!.replace('{', '{"note":"x",'))],
  ])('finds %s', async (_, edit) => {
    using folder = temporaryFolder()
    await write(folder.path, 8)
    const file = join(folder.path, 'chain.jsonl')
    writeFileSync(file, `${edit(readFileSync(file, 'utf8').trim().split('\n')).join('\n')}\n`)
    expect((await verifyChain(folder.path)).ok).toBe(false)
  })

  it('mends a torn last line, keeps the torn bytes aside and says so in a row', async () => {
    using folder = temporaryFolder()
    await write(folder.path, 3)
    appendFileSync(join(folder.path, 'chain.jsonl'), '{"sequence":4,"time":"20')
    expect(await verifyChain(folder.path)).toMatchObject({
      ok: false,
      fault: { sequence: 4, reason: 'it is torn: its end is missing' },
    })
    await write(folder.path, 1)
    expect(await verifyChain(folder.path)).toMatchObject({ ok: true, rows: 5 })
    const chain = await openAuditChain(folder.path, { maxBytes: 1e9 })
    expect((await chain.rows({ limit: 2 }))[1]).toMatchObject({ kind: 'audit.repaired', body: { bytes: 24 } })
    await chain.close()
    expect(readdirSync(folder.path).filter((name) => name.startsWith('torn-'))).toHaveLength(1)
  })

  it(
    'that was edited shows in the health after the start, with the row, and goes on',
    { timeout: 30_000 },
    async () => {
      using folder = temporaryFolder()
      const audit = join(folder.path, 'audit')
      mkdirSync(audit)
      await write(audit, 5)
      const file = join(audit, 'chain.jsonl')
      writeFileSync(file, readFileSync(file, 'utf8').replace('"count":2', '"count":7'))
      await using osd = await startOsd(folder.path)
      await using session = await openSession(osd, folder.path)
      const broken = await waitFor(
        async () => {
          const health = (await session.nucleus.call('osd.health')) as OsdHealth
          return health.status === 'degraded' ? health : undefined
        },
        { timeoutMs: 15_000, what: 'the edit to be found' },
      )
      expect(broken.problems).toEqual([
        'the audit chain was changed at row 3: its content was changed; `lotus audit verify` shows it',
      ])
      expect(broken.details.audit_checked).toBe(2)
      const row = await waitFor(
        async () => {
          const { rows } = (await session.nucleus.call('audit.rows', { limit: 20 })) as { rows: AuditRow[] }
          return rows.find(({ kind }) => kind === 'audit.broken')
        },
        { timeoutMs: 15_000, what: 'the row that says so' },
      )
      expect(row.body).toEqual({ sequence: 3, reason: 'its content was changed' })
      expect((await session.submit(planOf({ action: 'system.uptime', args: {} }))).status).toBe('completed')
    },
  )

  it('that is whole is known to be after the start', { timeout: 30_000 }, async () => {
    using folder = temporaryFolder()
    mkdirSync(join(folder.path, 'audit'))
    await write(join(folder.path, 'audit'), 50, 2_000)
    await using osd = await startOsd(folder.path)
    await using session = await openSession(osd, folder.path)
    const health = await waitFor(
      async () => {
        const answer = (await session.nucleus.call('osd.health')) as OsdHealth
        return answer.details.audit_checked > 0 ? answer : undefined
      },
      { timeoutMs: 15_000, what: 'the check' },
    )
    expect(health).toMatchObject({ status: 'healthy', problems: [], details: { audit_checked: 50 } })
  })

  it('that was edited goes on without hiding the edit', async () => {
    using folder = temporaryFolder()
    await write(folder.path, 3)
    appendFileSync(join(folder.path, 'chain.jsonl'), 'not a row\n')
    await write(folder.path, 2)
    expect(await verifyChain(folder.path)).toMatchObject({ ok: false, rows: 3, fault: { sequence: 4 } })
  })
})

describe('what osd records', () => {
  it('is the intent with every rule before, and the outcome after', async () => {
    using folder = temporaryFolder()
    const work = join(folder.path, 'work')
    mkdirSync(work)
    await using osd = await startOsd(join(folder.path, 'home'))
    await using session = await openSession(osd, work)
    const outcome = await session.submit(
      planOf({ action: 'files.create', args: { path: 'a', text: 'my secret diary' } }),
    )
    const { rows } = (await session.nucleus.call('audit.rows', {})) as {
      rows: { kind: string; body: Record<string, unknown> }[]
    }
    expect(rows.toReversed().map(({ kind }) => kind)).toEqual([
      'plan.decided',
      'plan.answered',
      'step.completed',
      'plan.completed',
    ])
    const [, answered, decided] = [rows[1], rows[2], rows[3]]
    expect(decided?.body).toMatchObject({
      plan_hash: outcome.planHash,
      decision: 'confirm',
      cwd: work,
      steps: [
        { action: 'files.create', decision: 'confirm', policy: 'change-working-folder', resources: [`path:${work}/a`] },
      ],
    })
    expect(answered?.body).toMatchObject({ answer: 'yes', by: 'person', plan_hash: outcome.planHash })
  })

  it('never holds the content of a file', async () => {
    using folder = temporaryFolder()
    const work = join(folder.path, 'work')
    const home = join(folder.path, 'home')
    mkdirSync(work)
    writeFileSync(join(work, 'old'), 'CANARY-OLD '.repeat(30))
    await using osd = await startOsd(home)
    await using session = await openSession(osd, work)
    await session.submit(planOf({ action: 'files.create', args: { path: 'a', text: 'CANARY-NEW' } }))
    await session.submit(planOf({ action: 'files.append', args: { path: 'a', text: 'CANARY-APPENDED' } }))
    await session.submit(
      planOf({ action: 'files.replace', args: { path: 'a', find: 'CANARY-NEW', replace: 'CANARY-REPLACED' } }),
    )
    await session.submit(planOf({ action: 'files.read', args: { path: 'old' } }))
    const chain = readFileSync(join(home, 'audit/chain.jsonl'), 'utf8')
    expect(chain).not.toContain('CANARY')
    expect(chain).toContain('"sha256"')
  })

  it('includes what was denied, with the rule', async () => {
    using folder = temporaryFolder()
    mkdirSync(join(folder.path, 'work'))
    await using osd = await startOsd(join(folder.path, 'home'))
    await using session = await openSession(osd, join(folder.path, 'work'))
    await session.submit(planOf({ action: 'files.read', args: { path: '/etc/shadow' } }))
    const { rows } = (await session.nucleus.call('audit.rows', {})) as { rows: { kind: string }[] }
    expect(rows.map(({ kind }) => kind)).toEqual(['plan.denied', 'plan.decided'])
    expect(rows[1]).toMatchObject({
      body: { decision: 'deny', steps: [{ policy: 'protected-secrets' }] },
    })
    expect(await session.nucleus.call('audit.verify')).toMatchObject({ ok: true })
  })
})

describe('rows that are asked for', () => {
  it('are those of a trace, or between two numbers, newest first', async () => {
    using folder = temporaryFolder()
    const chain = await openAuditChain(folder.path, { maxBytes: 1_000 })
    const entry = (traceId: string) => ({ kind: 'k', traceId, uid: 1, body: {} })
    for (let index = 1; index <= 9; index += 1) await chain.append(entry(index % 3 === 0 ? 'third "one"' : 'other'))
    const numbers = async (options: Parameters<typeof chain.rows>[0]) =>
      (await chain.rows(options)).map(({ sequence }) => sequence)
    expect(await numbers({ limit: 2 })).toEqual([9, 8])
    expect(await numbers({ limit: 10, traceId: 'third "one"' })).toEqual([9, 6, 3])
    expect(await numbers({ limit: 10, after: 6 })).toEqual([9, 8, 7])
    expect(await numbers({ limit: 10, after: 2, before: 5 })).toEqual([4, 3])
    expect(await numbers({ limit: 10, after: 9 })).toEqual([])
    await chain.close()
  })
})

describe('the lines of a file', () => {
  it('come out backwards as they came in, whatever their length', async () => {
    using folder = temporaryFolder()
    const file = join(folder.path, 'lines')
    const { linesBackwards } = await import('../../../modules/operator/osd/audit/files.ts')
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat({ max: 200_000 }), { maxLength: 8 }), fc.string(), async (lengths, torn) => {
        const lines = lengths.map((length, index) => String(index).padEnd(length, 'ü'))
        writeFileSync(file, `${lines.map((line) => `${line}\n`).join('')}${torn.replaceAll('\n', '')}`)
        const out: string[] = []
        for await (const line of linesBackwards(file)) out.push(line)
        expect(out.reverse()).toEqual(lines)
      }),
      { numRuns: 60 },
    )
  })
})
