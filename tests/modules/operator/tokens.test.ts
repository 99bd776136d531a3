// tokens that a person makes: hashed where they are kept, shown once, each for one purpose, never equal, never made by the nucleus.
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { toErrorData } from '../../../nucleus/errors.ts'
import type { Peer } from '../../../nucleus/wire/peer.ts'
import { attach, startClient, startOsd, temporaryFolder, type TestOsd } from './support/osd.ts'

interface Made {
  readonly token: string
  readonly id: string
  readonly status: string
}

const httpToken = 'set-by-hand-0123456789-abcdefghijkl'

async function house(): Promise<AsyncDisposable & { osd: TestOsd; person: Peer; nucleus: Peer; home: string }> {
  const folder = temporaryFolder()
  writeFileSync(join(folder.path, 'token'), 'the-token-of-the-file-0123456789\n', { mode: 0o600 })
  const osd = await startOsd(folder.path, { httpToken })
  const client = await startClient(osd.socket, { cwd: folder.path })
  const nucleus = await attach(osd)
  return {
    osd,
    person: client.peer,
    nucleus,
    home: folder.path,
    async [Symbol.asyncDispose]() {
      nucleus.close()
      await client[Symbol.asyncDispose]()
      await osd.stop()
      folder[Symbol.dispose]()
    },
  }
}

const make = async (person: Peer, fields: Record<string, unknown> = {}): Promise<Made> =>
  (await person.call('token.create', { purpose: 'api', name: 'test', ...fields })) as Made

describe('a new token', () => {
  it('has 256 random bits, is told once, and only its hash is kept', async () => {
    await using at = await house()
    const made = await make(at.person)
    expect(made.token).toMatch(/^[A-Za-z0-9_-]{43}$/)
    expect((await make(at.person)).token).not.toBe(made.token)
    const file = readFileSync(join(at.home, 'tokens.json'), 'utf8')
    expect(file).not.toContain(made.token)
    expect(statSync(join(at.home, 'tokens.json')).mode & 0o777).toBe(0o600)
    const { tokens } = (await at.person.call('token.list', {})) as { tokens: Record<string, unknown>[] }
    expect(JSON.stringify(tokens)).not.toContain(made.token)
    expect(tokens.map(({ id, status }) => [id, status])).toContainEqual([made.id, 'in_force'])
    expect(tokens.some((one) => 'sha256' in one)).toBe(false)
    const chain = readFileSync(join(at.home, 'audit', 'chain.jsonl'), 'utf8')
    expect(chain).toContain('token.created')
    expect(chain).not.toContain(made.token)
  })

  it('may be one of another’s making, when it is strong and new', async () => {
    await using at = await house()
    const token = 'deadbeef0123456789abcdef01234567deadbeef'
    expect((await make(at.person, { token })).token).toBe(token)
    for (const [given, code] of [
      [token, 'TOKEN_EQUAL'],
      [httpToken, 'TOKEN_EQUAL'],
      ['the-token-of-the-file-0123456789', 'TOKEN_EQUAL'],
      ['short', 'TOKEN_WEAK'],
      ['a'.repeat(64), 'TOKEN_WEAK'],
      [`${'0123456789abcdef'.repeat(2)} x`, 'TOKEN_WEAK'],
    ] as const) {
      await expect(make(at.person, { token: given, purpose: 'hook' })).rejects.toMatchObject({ code })
    }
  })

  it('is not made for the nucleus, which can’t list or revoke any either', async () => {
    await using at = await house()
    for (const [method, params] of [
      ['token.create', { purpose: 'api', name: '' }],
      ['token.list', {}],
      ['token.revoke', { which: 'home' }],
    ] as const) {
      await expect(at.nucleus.call(method, params)).rejects.toMatchObject({ code: 'PEER_IS_NUCLEUS' })
    }
  })

  it('can’t end in the past', async () => {
    await using at = await house()
    await expect(make(at.person, { expires_at: '2020-01-01T00:00:00Z' })).rejects.toMatchObject({ code: 'TOKEN_TIME' })
  })

  it('is the hundredth at most', async () => {
    await using at = await house()
    for (let count = 0; count < 100; count += 1) await make(at.person)
    await expect(make(at.person)).rejects.toMatchObject({ code: 'TOKEN_LIMIT' })
  })
})

describe('osd itself', () => {
  it('takes each token for its purpose only', async () => {
    await using at = await house()
    const tokens = {
      api: (await make(at.person)).token,
      hook: (await make(at.person, { purpose: 'hook' })).token,
      module: (await make(at.person, { purpose: 'module' })).token,
    }
    const answer = { plan_id: 'p', plan_hash: 'h', answer: 'yes' }
    const outcomes: Record<string, unknown> = {}
    for (const [purpose, token] of Object.entries(tokens)) {
      const codeOf = async (method: string, params: object): Promise<unknown> =>
        await at.nucleus.call(method, params).then(
          () => 'taken',
          (error: unknown) => toErrorData(error).code,
        )
      outcomes[purpose] = [
        await codeOf('ticket.forToken', { token }),
        await codeOf('plan.answerWithToken', { ...answer, token }),
      ]
    }
    // an answer that is let through finds no such plan
    expect(outcomes).toEqual({
      api: ['taken', 'PLAN_UNKNOWN'],
      hook: ['taken', 'TOKEN_PURPOSE'],
      module: ['TOKEN_PURPOSE', 'TOKEN_PURPOSE'],
    })
  })

  it('refuses a revoked one at once, by its id or by itself, also after a restart', async () => {
    await using at = await house()
    const first = await make(at.person)
    const second = await make(at.person)
    await at.person.call('token.revoke', { which: first.id })
    await at.person.call('token.revoke', { which: second.token })
    for (const { token } of [first, second]) {
      await expect(at.nucleus.call('ticket.forToken', { token })).rejects.toMatchObject({ code: 'TOKEN_REFUSED' })
    }
    await expect(at.person.call('token.revoke', { which: 'unknown-token' })).rejects.toMatchObject({
      code: 'TOKEN_UNKNOWN',
      message: expect.not.stringContaining('unknown-token') as string,
    })
    await at.osd.stop()
    await using again = await startOsd(at.home)
    const nucleus = await attach(again)
    await expect(nucleus.call('ticket.forToken', { token: first.token })).rejects.toMatchObject({
      code: 'TOKEN_REFUSED',
    })
    nucleus.close()
  })

  it('takes none of a damaged list, and says so', async () => {
    using folder = temporaryFolder()
    writeFileSync(join(folder.path, 'tokens.json'), '{"version": 1, "tokens": [{"purpose": "everything"}]}')
    await using osd = await startOsd(folder.path)
    await using client = await startClient(osd.socket, { cwd: folder.path })
    await expect(make(client.peer)).rejects.toMatchObject({ code: 'TOKENS_UNREADABLE' })
    expect(await client.peer.call('osd.health')).toMatchObject({
      problems: [expect.stringContaining('tokens.json') as string],
    })
  })
})
