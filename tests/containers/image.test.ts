// what the image holds is enough: laid out as a container, it starts healthy, does a goal, and ends when it is told to.
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dockerfileText } from '../support/containers/build-context.ts'
import { checkCommand, readCompose } from '../support/containers/compose-file.ts'
import { canContain, startContainer, type Container } from '../support/containers/container.ts'
import type { Ended } from '../support/run-command.ts'
import { waitFor } from '../support/wait-for.ts'

const { services } = readCompose()
const service = services['lotus']!

function listOf(keyword: string): string[] {
  const lists = [...dockerfileText().matchAll(new RegExp(`^${keyword} (\\[.*\\])$`, 'gm'))]
  return JSON.parse(lists.at(-1)![1]!) as string[]
}

describe.runIf(canContain())('a container of the image', () => {
  let container: Container

  beforeAll(async () => {
    container = await startContainer({
      user: service.user,
      environment: {
        LOTUS_HTTP_HOST: '127.0.0.1',
        LOTUS_HTTP_PORT: '0',
        LOTUS_HTTP_TOKEN: randomBytes(32).toString('hex'),
      },
      command: [...listOf('ENTRYPOINT'), ...listOf('CMD')],
    })
  }, 60_000)
  afterAll(async () => {
    await container.dispose()
  }, 60_000)

  it('comes up healthy, with read-only files and an ordinary user', async () => {
    const status = (): string => {
      try {
        return (JSON.parse(container.read('home/run/nucleus.json')) as { status: string }).status
      } catch {
        return 'not there yet'
      }
    }
    await waitFor(() => status() === 'healthy', { timeoutMs: 60_000, what: () => `healthy; it is ${status()}` })
    const who = await container.exec([
      'sh',
      '-c',
      'id -u; touch /opt/lotus/nucleus.ts || touch /opt/x || echo read-only',
    ])
    expect(who.stdout).toBe('10001\nread-only\n')
  }, 90_000)

  it.each(['lotus', 'worker'])('passes the health check of %s as it stands in the compose file', async (name) => {
    const { code, stderr } = await container.exec(checkCommand(services[name]!.healthcheck))
    expect([code, stderr]).toEqual([0, ''])
  })

  it('does a goal in its workspace, and takes it back, with `lotus` on the PATH', async () => {
    const say = async (...words: string[]): Promise<Ended> => await container.exec(['lotus', ...words])
    const file = (): string => container.read('workspace/hello.txt').trim()
    const wrote = await say('run', '--yes', 'create a file named hello.txt with content "good morning"')
    expect([wrote.code, wrote.stdout, file()]).toEqual([0, expect.stringContaining('hello.txt'), 'good morning'])
    // to the trash and back: workspace and home are volumes of their own.
    const removed = await say('run', '--yes', 'delete hello.txt')
    expect([removed.code, removed.stdout]).toEqual([0, expect.stringContaining('trash')])
    expect(file).toThrow('ENOENT')
    expect((await say('undo')).code).toBe(0)
    expect(file()).toBe('good morning')
    expect((await say('undo')).code).toBe(0)
    expect(file).toThrow('ENOENT')
  }, 60_000)

  it('ends well when the engine says so', async () => {
    expect(await container.stop()).toBe(0)
    expect(JSON.parse(container.read('home/run/last-stop.json'))).toBeTypeOf('object')
  }, 60_000)
})

describe.runIf(canContain())('a container that nobody gave a token', () => {
  it('does not start on all addresses, and says what to set', async () => {
    const container = await startContainer({
      user: service.user,
      environment: { LOTUS_HTTP_HOST: '0.0.0.0', LOTUS_HTTP_PORT: '0' },
      command: [...listOf('ENTRYPOINT'), ...listOf('CMD')],
    })
    try {
      expect(await container.ended).not.toBe(0)
      expect(container.output()).toContain('LOTUS_HTTP_TOKEN is not set')
    } finally {
      await container.dispose()
    }
  }, 90_000)
})
