// tokens in the real process: made, used for their purpose, revoked within a second, and nowhere to be found afterwards.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createPrivateLotus, type PrivateLotus } from '../support/private-lotus.ts'
import { waitFor } from '../support/wait-for.ts'

const limitMs = 120_000

async function ask(own: PrivateLotus, token: string, path: string, body?: object) {
  const response = await fetch(new URL(path, own.record()!.url), {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(60_000),
  })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

/** every file below a folder that has one of these texts in it. */
function filesWith(folder: string, texts: readonly string[]): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) => {
    if (!entry.isFile()) return []
    const path = join(entry.parentPath, entry.name)
    const content = readFileSync(path)
    return texts.some((text) => content.includes(text)) ? [path] : []
  })
}

/** what every process of this LOTUS shows of itself to others of the same user. */
function shownByProcesses(own: PrivateLotus): string {
  return own
    .processes()
    .flatMap(({ pid }) => ['environ', 'cmdline'].map((name) => readFileSync(`/proc/${pid}/${name}`, 'utf8')))
    .join('\n')
}

describe('lotus token', () => {
  it('makes one for a purpose, which holds until it is revoked', { timeout: limitMs }, async () => {
    const own = createPrivateLotus()
    try {
      await own.start()
      const made = await own.lotus(['token', 'create', '--purpose', 'hook', '--name', 'doorbell', '--expires', '30d'])
      expect([made.code, made.stdout]).toEqual([0, expect.stringMatching(/^[A-Za-z0-9_-]{43}\n$/)])
      expect(made.stderr).toMatch(/^hook token [0-9a-f]{12}, in force until /)
      const token = made.stdout.trim()

      expect((await ask(own, token, '/goals', { goal: 'what is 1 + 1?' })).body).toMatchObject({
        answer: '1 + 1 = 2',
      })
      const asked = await ask(own, token, '/chat', { message: 'create a file called x.txt with the text "hello"' })
      expect(asked.body).toMatchObject({ status: 'needs_confirmation' })
      const answer = { plan_hash: asked.body['plan_hash'], answer: 'yes' }
      const path = `/confirmations/${String(asked.body['plan_id'])}`
      expect((await ask(own, token, path, answer)).body).toMatchObject({ error: { code: 'PURPOSE_NOT_ALLOWED' } })
      // who may answer does so once: the same answer again finds no question
      const home = readFileSync(join(own.home, 'token'), 'utf8').trim()
      expect((await ask(own, home, path, answer)).status).toBe(200)
      expect(await ask(own, home, path, answer)).toMatchObject({
        status: 404,
        body: { error: { code: 'PLAN_UNKNOWN' } },
      })

      const list = JSON.parse((await own.lotus(['token', 'list', '--json'])).stdout) as {
        tokens: { id: string; name: string }[]
      }
      const { id } = list.tokens.find(({ name }) => name === 'doorbell')!
      expect((await own.lotus(['token', 'revoke', id])).code).toBe(0)
      await waitFor(async () => (await ask(own, token, '/goals', { goal: 'what is 1 + 1?' })).status === 401, {
        timeoutMs: 10_000,
        what: 'its end',
      })
      expect((await ask(own, token, '/goals', {})).body).toMatchObject({ error: { code: 'TOKEN_REVOKED' } })
    } finally {
      await own.stop()
      await own.dispose()
    }
  })

  it('replaces the one of the file, which the command itself goes on with', { timeout: limitMs }, async () => {
    const own = createPrivateLotus()
    try {
      await own.start()
      const before = readFileSync(join(own.home, 'token'), 'utf8').trim()
      expect((await own.lotus(['token', 'revoke', 'home'])).code).toBe(0)
      // nobody else has asked meanwhile
      expect((await own.lotus(['runs'])).code).toBe(0)
      expect(readFileSync(join(own.home, 'token'), 'utf8').trim()).not.toBe(before)
      await waitFor(async () => (await ask(own, before, '/modules')).status === 401, {
        timeoutMs: 1_000,
        what: 'its end',
      })
    } finally {
      await own.stop()
      await own.dispose()
    }
  })

  it('that is used wrongly ends with 2 and repeats no token', { timeout: limitMs }, async () => {
    const own = createPrivateLotus()
    try {
      await own.start()
      for (const words of [
        ['token'],
        ['token', 'create', '--purpose', 'hok'],
        ['token', 'create', '--expires', 'soon'],
        ['token', 'create', '--expires', '2020-01-01'],
        ['token', 'revoke'],
        ['token', 'revoke', 'a-token-on-a-command-line'],
        ['token', 'create', '--stdin'],
      ]) {
        const { code, stdout, stderr } = await own.lotus(words)
        expect([words, code]).toEqual([words, 2])
        expect(stdout + stderr).not.toContain('a-token-on-a-command-line')
      }
    } finally {
      await own.stop()
      await own.dispose()
    }
  })
})

describe('a token', () => {
  it(
    'is in no log, file, command line or environment of LOTUS, whatever was done with it',
    { timeout: limitMs },
    async () => {
      const canary = 'canary-b7Kq2xW9-fZ1m4Tn6-Rv8pLs3d'
      const own = createPrivateLotus({ LOTUS_HTTP_TOKEN: canary, LOTUS_LOG_LEVEL: 'trace' })
      try {
        await own.start()
        const made = (await own.lotus(['token', 'create'])).stdout.trim()
        const given = 'given-0123456789abcdef-9Xw7Vu5Ts3'
        writeFileSync(join(own.base, 'given'), given)
        const shell = `"${process.execPath}" "${join(import.meta.dirname, '../../scripts/lotus.ts')}"`
        const { runCommand } = await import('../support/run-command.ts')
        const options = { cwd: own.folder, environment: own.environment }
        const create = await runCommand(['sh', '-c', `${shell} token create --stdin --name mine < ../given`], options)
        expect([create.code, create.stdout]).toEqual([0, `${given}\n`])
        const tokens = [canary, made, given]

        for (const token of tokens) {
          expect((await ask(own, token, '/goals', { goal: 'what is 1 + 1?' })).status).toBe(200)
          await ask(own, token, '/goals', { goal: '' })
          await ask(own, token, '/undo', {})
          await ask(own, 'x', `/runs?token=${token}`)
          await ask(own, `${token}x`, '/runs')
        }
        expect((await own.lotus(['module', 'reload', 'memory'])).code).toBe(0)
        const shown = shownByProcesses(own)
        expect(own.processes().length).toBeGreaterThanOrEqual(2)
        expect(tokens.filter((token) => shown.includes(token))).toEqual([])
        const revoke = await runCommand(['sh', '-c', `${shell} token revoke --stdin < ../given`], options)
        expect(revoke.code).toBe(0)
        for (const words of [
          ['audit', '-n', '100', '--json'],
          ['logs', '-n', '1000', '--json'],
          ['runs', '--json'],
          ['config', 'show', '--json'],
        ]) {
          const { stdout, stderr } = await own.lotus(words)
          expect(tokens.filter((token) => (stdout + stderr).includes(token))).toEqual([])
        }
        await own.stop()
        expect(filesWith(own.home, tokens)).toEqual([])
      } finally {
        await own.dispose()
      }
    },
  )
})
