// lotus-osd as a process: one a LOTUS_HOME, on a socket of its own, ending with its nucleus, passing nothing on.
import { existsSync, lstatSync, mkdirSync, readFileSync, readlinkSync, readdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { osdSocketPath } from '../../../modules/operator/socket-path.ts'
import { connectPeer } from '../../../nucleus/wire/peer.ts'
import { attach, openSession, planOf, startClient, startOsd, temporaryFolder } from './support/osd.ts'

describe('the process', () => {
  it('is named, and keeps its files and its socket to its user and group', async () => {
    using folder = temporaryFolder()
    const home = join(folder.path, 'home')
    await using osd = await startOsd(home)
    expect(readFileSync(`/proc/${osd.process.pid}/comm`, 'utf8').trim()).toBe('lotus-osd')
    const modeOf = (path: string): string => (lstatSync(path).mode & 0o777).toString(8)
    expect([
      modeOf(osd.socket),
      modeOf(join(home, 'run')),
      modeOf(join(home, 'audit')),
      modeOf(join(home, 'audit/chain.jsonl')),
    ]).toEqual(['660', '750', '700', '600'])
  })

  it('ends when its nucleus does, and leaves no socket behind', async () => {
    using folder = temporaryFolder()
    const osd = await startOsd(join(folder.path, 'home'))
    osd.process.stdin?.destroy()
    expect(await osd.exited).toBe(0)
    expect(existsSync(osd.socket)).toBe(false)
  })

  it('outlives the process that started it where another has taken it over, and ends with that one', async () => {
    using folder = temporaryFolder()
    const osd = await startOsd(join(folder.path, 'home'))
    const starter = await attach(osd)
    const heir = await startClient(osd.socket, { cwd: '/' })
    await heir.peer.call('nucleus.attach', { secret: osd.secret })
    expect(await starter.call('osd.stop')).toEqual({ stops: false })
    starter.close()
    osd.process.stdout?.destroy()
    osd.process.stdin?.destroy()
    await expect.poll(() => heir.peer.call('osd.health')).toMatchObject({ status: 'healthy' })
    expect(osd.process.exitCode).toBe(null)
    await heir[Symbol.asyncDispose]()
    expect(await osd.exited).toBe(0)
    expect(existsSync(osd.socket)).toBe(false)
  })

  it('is ended by the last that is attached to it', async () => {
    using folder = temporaryFolder()
    const osd = await startOsd(join(folder.path, 'home'))
    await using heir = await startClient(osd.socket, { cwd: '/' })
    await heir.peer.call('nucleus.attach', { secret: osd.secret })
    expect(await heir.peer.call('osd.stop')).toEqual({ stops: true })
    expect(await osd.exited).toBe(0)
  })

  it('finishes the plan that runs before it ends', async () => {
    using folder = temporaryFolder()
    const work = join(folder.path, 'work')
    mkdirSync(work)
    const osd = await startOsd(join(folder.path, 'home'))
    const session = await openSession(osd, work)
    let release = (): void => undefined
    const released = new Promise<void>((resolve) => (release = resolve))
    let called = (): void => undefined
    const calling = new Promise<void>((resolve) => (called = resolve))
    const tools = await attach(osd, async () => {
      called()
      await released
      return { text: 'done', data: {} }
    })
    await tools.call('tools.register', {
      tools: [{ name: 'slow', description: '', risk: 'low', undoable: false, input: {} }],
    })
    const running = session.submit(
      planOf({ action: 'slow', args: {} }, { action: 'files.create', args: { path: 'a' } }),
    )
    await calling
    osd.process.kill('SIGTERM')
    await expect
      .poll(
        async () =>
          (await session
            .submit(planOf({ action: 'system.uptime', args: {} }))
            .catch((error: unknown) => (error as { code: string }).code)) as unknown,
      )
      .toBe('OSD_DRAINING')
    release()
    expect((await running).status).toBe('completed')
    expect(await osd.exited).toBe(0)
    expect(existsSync(join(work, 'a'))).toBe(true)
    tools.close()
    await session[Symbol.asyncDispose]()
  })

  it('is the only one on a LOTUS_HOME', async () => {
    using folder = temporaryFolder()
    const home = join(folder.path, 'home')
    await using _ = await startOsd(home)
    await expect(startOsd(home, { socket: join(folder.path, 'other/osd.sock') })).rejects.toMatchObject({
      code: 'OSD_RUNNING',
    })
  })

  it('takes over a socket that a killed one left, and not one that answers', async () => {
    using folder = temporaryFolder()
    const home = join(folder.path, 'home')
    const first = await startOsd(home)
    first.process.kill('SIGKILL')
    await first.exited
    expect(existsSync(first.socket)).toBe(true)
    const second = await startOsd(home)
    expect(await (await connectPeer(second.socket)).call('osd.hello')).toMatchObject({ pid: second.process.pid })
    await second.stop()

    const foreign = join(folder.path, 'foreign/osd.sock')
    mkdirSync(join(folder.path, 'foreign'))
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(foreign, resolve))
    await expect(startOsd(home, { socket: foreign })).rejects.toMatchObject({ code: 'SOCKET_TAKEN' })
    server.close()
  })

  it('marks every descriptor that it was born with to be closed in its children', async () => {
    using folder = temporaryFolder()
    await using osd = await startOsd(join(folder.path, 'home'))
    const closeOnExec = 0o2000000
    const open = readdirSync(`/proc/${osd.process.pid}/fd`).filter((name) => Number(name) > 2)
    const kept = open.filter((name) => {
      const flags =
        /^flags:\s*([0-7]+)$/m.exec(readFileSync(`/proc/${osd.process.pid}/fdinfo/${name}`, 'utf8'))?.[1] ?? '0'
      return (Number.parseInt(flags, 8) & closeOnExec) === 0
    })
    expect(kept.map((name) => readlinkSync(`/proc/${osd.process.pid}/fd/${name}`))).toEqual([])
  })

  it('begins with its settings, and is nobody’s before it knows the secret of its nucleus', async () => {
    using folder = temporaryFolder()
    const secret = Promise.withResolvers<string>()
    const starting = startOsd(join(folder.path, 'home'), {}, [], secret.promise)
    const early = await vi.waitFor(() => connectPeer(join(folder.path, 'home/run/osd.sock')), { timeout: 10_000 })
    const attach = early.call('nucleus.attach', { secret: 'x'.repeat(64) })
    await expect(attach).rejects.toMatchObject({ code: 'NOT_ATTACHED' })
    secret.resolve('x'.repeat(64))
    await using _ = await starting
    expect(await early.call('nucleus.attach', { secret: 'x'.repeat(64) })).toMatchObject({ profile: 'user' })
    early.close()
  })

  it('says clearly what is wrong when it can’t start', async () => {
    using folder = temporaryFolder()
    writeFileSync(join(folder.path, 'file'), '')
    await expect(
      startOsd(join(folder.path, 'home'), { socket: join(folder.path, 'file/osd.sock') }),
    ).rejects.toMatchObject({ code: 'SOCKET_UNUSABLE' })
    await expect(startOsd(join(folder.path, 'home'), { confirmationMs: -1 })).rejects.toMatchObject({
      code: 'OSD_SETTINGS',
    })
  })
})

describe('the socket’s path', () => {
  it('lies in LOTUS_HOME, and elsewhere only where that is too long', () => {
    expect(osdSocketPath('/home/ann/.lotus', '/run/user/1000', 1000)).toBe('/home/ann/.lotus/run/osd.sock')
    const long = `/home/ann/${'x'.repeat(90)}`
    expect(osdSocketPath(long, '/run/user/1000', 1000)).toMatch(/^\/run\/user\/1000\/lotus-[0-9a-f]{16}\/osd\.sock$/)
    expect(osdSocketPath(long, undefined, 1000)).toMatch(/^\/tmp\/lotus-[0-9a-f]{16}-1000\/osd\.sock$/)
    expect(osdSocketPath(`${long}y`, undefined, 1000)).not.toBe(osdSocketPath(long, undefined, 1000))
    for (const home of [long, `${long}/${'ü'.repeat(200)}`]) {
      expect(Buffer.byteLength(osdSocketPath(home, `/run/${'r'.repeat(100)}`, 4_294_967_294))).toBeLessThanOrEqual(107)
    }
  })

  it('that is too long for LOTUS_HOME works all the same', async () => {
    using folder = temporaryFolder()
    const home = join(folder.path, 'x'.repeat(100))
    const socket = osdSocketPath(home, folder.path, process.getuid?.() ?? 0)
    await using _ = await startOsd(home, { socket })
    const peer = await connectPeer(socket)
    expect(await peer.call('osd.health')).toMatchObject({ status: 'healthy' })
    peer.close()
  })
})

describe('a connection', () => {
  it('that speaks nonsense ends alone', async () => {
    using folder = temporaryFolder()
    await using osd = await startOsd(join(folder.path, 'home'))
    const { connect } = await import('node:net')
    const socket = connect(osd.socket)
    const closed = new Promise((resolve) => socket.once('close', resolve))
    socket.write('this is not a frame\n')
    await closed
    const other = await connectPeer(osd.socket)
    await expect(other.call('no.such.method')).rejects.toMatchObject({ code: 'WIRE_METHOD_UNKNOWN' })
    await expect(other.call('constructor')).rejects.toMatchObject({ code: 'WIRE_METHOD_UNKNOWN' })
    await expect(other.call('plan.show', { plan_id: 1 })).rejects.toMatchObject({ code: 'PARAMETERS_INVALID' })
    await expect(other.call('osd.health', { verbose: true })).rejects.toMatchObject({ code: 'PARAMETERS_INVALID' })
    other.close()
  })
})
