// tickets are what the kernel says about a client: who, where, with which environment; nothing it says itself counts.
import { chmodSync, mkdirSync, rmdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { connectPeer } from '../../../nucleus/wire/peer.ts'
import type { TicketIssued } from '../../../modules/operator/osd/protocol.ts'
import { attach, openSession, planOf, startClient, startOsd, temporaryFolder } from './support/osd.ts'

const isRoot = process.getuid?.() === 0

describe('a ticket', () => {
  it('names the client’s user and its working folder without links', async () => {
    using folder = temporaryFolder()
    mkdirSync(join(folder.path, 'real'))
    symlinkSync('real', join(folder.path, 'link'))
    await using osd = await startOsd(join(folder.path, 'home'))
    await using client = await startClient(osd.socket, { cwd: join(folder.path, 'link') })
    const ticket = (await client.peer.call('ticket.issue')) as TicketIssued
    expect(ticket).toMatchObject({
      uid: process.getuid?.(),
      cwd: join(folder.path, 'real'),
      roots: [join(folder.path, 'real')],
    })
    expect(ticket.ticket).toMatch(/^[0-9a-f]{32}$/)
  })

  it.each(['/', '/etc', '/usr/share', '/proc'])('from %s reads the system and touches no file', async (cwd) => {
    using folder = temporaryFolder()
    await using osd = await startOsd(join(folder.path, 'home'))
    await using session = await openSession(osd, cwd)
    expect(session.ticket.roots).toEqual([])
    expect(session.ticket.cwd_refused).toContain('belongs to the system')
    expect((await session.submit(planOf({ action: 'system.uptime', args: {} }))).status).toBe('completed')
    expect((await session.submit(planOf({ action: 'files.list', args: {} }))).status).toBe('denied')
  })

  it('from LOTUS_HOME or a private folder grants nothing', async () => {
    using folder = temporaryFolder()
    const home = join(folder.path, 'home')
    mkdirSync(join(folder.path, 'Private/notes'), { recursive: true })
    await using osd = await startOsd(home)
    for (const cwd of [home, join(home, 'audit'), join(folder.path, 'Private/notes')]) {
      await using client = await startClient(osd.socket, { cwd, env: { HOME: folder.path } })
      expect((await client.peer.call('ticket.issue')) as TicketIssued).toMatchObject({ roots: [] })
    }
  })

  it('whose working folder was removed grants nothing', async () => {
    using folder = temporaryFolder()
    const gone = join(folder.path, 'gone')
    mkdirSync(gone)
    await using osd = await startOsd(join(folder.path, 'home'))
    await using client = await startClient(osd.socket, { cwd: gone })
    await client.peer.call('osd.hello')
    rmdirSync(gone)
    expect((await client.peer.call('ticket.issue')) as TicketIssued).toMatchObject({
      roots: [],
      cwd_refused: 'the working folder can’t be seen',
    })
  })

  it('carries the environment of the client, not that of the nucleus', async () => {
    using folder = temporaryFolder()
    mkdirSync(join(folder.path, 'work'))
    await using osd = await startOsd(join(folder.path, 'home'))
    await using session = await openSession(osd, join(folder.path, 'work'), { EDITOR: 'quillpad' })
    const outcome = await session.submit(planOf({ action: 'system.environment', args: { name: 'EDITOR' } }))
    expect(outcome.steps[0]?.text).toContain('quillpad')
  })

  it('gives new files the bits of the client’s own umask', async () => {
    using folder = temporaryFolder()
    const work = join(folder.path, 'work')
    mkdirSync(work)
    await using osd = await startOsd(join(folder.path, 'home'))
    const before = process.umask(0o077)
    const session = await openSession(osd, work).finally(() => process.umask(before))
    await using _ = session
    await session.submit(planOf({ action: 'files.create', args: { path: 'private.txt' } }))
    const info = await session.submit(planOf({ action: 'files.info', args: { path: 'private.txt', part: 'mode' } }))
    expect(info.steps[0]?.text).toContain('600')
  })

  it('is not given to the nucleus, nor does the nucleus grant or answer', async () => {
    using folder = temporaryFolder()
    await using osd = await startOsd(join(folder.path, 'home'))
    const nucleus = await attach(osd)
    // a second connection of the same process is no better.
    const disguised = await connectPeer(osd.socket)
    for (const peer of [nucleus, disguised]) {
      await expect(peer.call('ticket.issue')).rejects.toMatchObject({ code: 'PEER_IS_NUCLEUS' })
      await expect(peer.call('grant.add', { path: folder.path })).rejects.toMatchObject({ code: 'PEER_IS_NUCLEUS' })
      await expect(
        peer.call('plan.answer', { plan_id: 'x', plan_hash: 'y', answer: 'yes', by: 'person' }),
      ).rejects.toMatchObject({ code: 'PEER_IS_NUCLEUS' })
      peer.close()
    }
  })

  it('unknown or invented is refused, and so is the nucleus’ part without its secret', async () => {
    using folder = temporaryFolder()
    await using osd = await startOsd(join(folder.path, 'home'))
    const nucleus = await attach(osd)
    const client = { time_zone: 'UTC', locale: 'en', width: 80 }
    const submission = { plan: JSON.stringify(planOf({ action: 'system.uptime', args: {} })), trace_id: 'x', client }
    await expect(nucleus.call('plan.submit', { ...submission, ticket: '0'.repeat(32) })).rejects.toMatchObject({
      code: 'TICKET_UNKNOWN',
    })
    const stranger = await connectPeer(osd.socket)
    await expect(stranger.call('plan.submit', { ...submission, ticket: 'x' })).rejects.toMatchObject({
      code: 'NOT_ATTACHED',
    })
    await expect(stranger.call('nucleus.attach', { secret: '0'.repeat(64) })).rejects.toMatchObject({
      code: 'NOT_ATTACHED',
    })
    nucleus.close()
    stranger.close()
  })

  it.skipIf(!isRoot)('is refused to another user, and that is on record', async () => {
    using folder = temporaryFolder()
    chmodSync(folder.path, 0o755)
    const open = join(folder.path, 'open')
    await using osd = await startOsd(join(folder.path, 'home'), { socket: join(open, 'osd.sock') })
    // only because root has opened the way: by default the folder keeps others out already.
    chmodSync(open, 0o755)
    chmodSync(osd.socket, 0o666)
    await using client = await startClient(osd.socket, { cwd: '/tmp', uid: 65_534 })
    await expect(client.peer.call('ticket.issue')).rejects.toMatchObject({ code: 'PEER_REFUSED' })
    await expect(client.peer.call('grant.add', { path: '/tmp' })).rejects.toMatchObject({ code: 'PEER_REFUSED' })
    const nucleus = await attach(osd)
    const { rows } = (await nucleus.call('audit.rows', {})) as { rows: { kind: string; uid: number }[] }
    expect(rows.find(({ kind }) => kind === 'ticket.refused')).toMatchObject({ uid: 65_534 })
    nucleus.close()
  })

  it.skipIf(!isRoot)('can’t even be asked for by another user, because the socket’s folder is closed', async () => {
    using folder = temporaryFolder()
    chmodSync(folder.path, 0o755)
    await using osd = await startOsd(join(folder.path, 'home'))
    await using client = await startClient(osd.socket, { cwd: '/tmp', uid: 65_534 })
    await expect(client.peer.call('osd.hello')).rejects.toMatchObject({ code: 'WIRE_CLOSED' })
  })
})

describe('a client without a peer', () => {
  it('is whom its token says and works in the workspace', async () => {
    using folder = temporaryFolder()
    const home = join(folder.path, 'home')
    await using osd = await startOsd(home, { httpToken: 'a-token-from-the-environment' })
    writeFileSync(join(home, 'token'), 'a-token-from-the-file\n')
    const nucleus = await attach(osd)
    for (const token of ['a-token-from-the-environment', 'a-token-from-the-file']) {
      const ticket = (await nucleus.call('ticket.forToken', { token })) as TicketIssued
      expect(ticket).toMatchObject({ cwd: join(home, 'workspace'), roots: [join(home, 'workspace')] })
    }
    writeFileSync(join(home, 'workspace/notes.txt'), '')
    const surveyed = await nucleus.call('ticket.forToken', { token: 'a-token-from-the-file', survey: true })
    expect(surveyed).toMatchObject({ entries: [{ path: 'notes.txt', kind: 'file' }] })
    await expect(nucleus.call('ticket.forToken', { token: 'a-token' })).rejects.toMatchObject({ code: 'TOKEN_REFUSED' })
    await expect(nucleus.call('ticket.forToken', { token: '' })).rejects.toMatchObject({ code: 'TOKEN_REFUSED' })
    nucleus.close()
  })

  it('may not guess for long', async () => {
    using folder = temporaryFolder()
    await using osd = await startOsd(join(folder.path, 'home'), { httpToken: 'right' })
    const nucleus = await attach(osd)
    const codes: string[] = []
    for (let attempt = 0; attempt < 22; attempt += 1) {
      await nucleus
        .call('ticket.forToken', { token: `wrong ${attempt}` })
        .catch((error: unknown) => codes.push((error as { code: string }).code))
    }
    expect(codes.at(0)).toBe('TOKEN_REFUSED')
    expect(codes.at(-1)).toBe('TOKEN_TRIES')
    nucleus.close()
  })
})

describe('a grant', () => {
  it('opens a folder to every ticket of its person, until it is taken back', async () => {
    using folder = temporaryFolder()
    const [work, other] = [join(folder.path, 'work'), join(folder.path, 'other')]
    mkdirSync(work)
    mkdirSync(other)
    writeFileSync(join(other, 'note.txt'), 'granted')
    await using osd = await startOsd(join(folder.path, 'home'))
    await using session = await openSession(osd, work)
    const read = planOf({ action: 'files.read', args: { path: '../other/note.txt' } })
    expect(await session.submit(read)).toMatchObject({ status: 'denied', decisions: [{ policy: 'outside' }] })
    await session.client.call('grant.add', { path: '../other' })
    expect((await session.submit(read)).steps[0]?.text).toContain('granted')
    expect(await session.client.call('grant.list')).toMatchObject({ grants: [{ path: other }] })
    await session.client.call('grant.remove', { path: other })
    expect((await session.submit(read)).status).toBe('denied')
  })

  it('lets changes there be made only with the person’s own yes', async () => {
    using folder = temporaryFolder()
    const [work, other] = [join(folder.path, 'work'), join(folder.path, 'other')]
    mkdirSync(work)
    mkdirSync(other)
    await using osd = await startOsd(join(folder.path, 'home'))
    await using session = await openSession(osd, work)
    await session.client.call('grant.add', { path: other })
    const write = planOf({ action: 'files.create', args: { path: join(other, 'x') } })
    expect((await session.submit(write, { by: 'yes_flag' })).status).toBe('needs_confirmation')
    expect((await session.submit(write, { by: 'person' })).status).toBe('completed')
  })

  it('is refused for the system’s folders, private ones and LOTUS’s own', async () => {
    using folder = temporaryFolder()
    const home = join(folder.path, 'home')
    mkdirSync(join(folder.path, 'Private'))
    mkdirSync(join(folder.path, '.ssh'))
    await using osd = await startOsd(home)
    await using client = await startClient(osd.socket, { cwd: folder.path, env: { HOME: folder.path } })
    for (const path of ['/', '/etc', home, '~/Private', '.ssh']) {
      await expect(client.peer.call('grant.add', { path })).rejects.toMatchObject({ code: 'GRANT_REFUSED' })
    }
    await expect(client.peer.call('grant.add', { path: 'nowhere' })).rejects.toMatchObject({ code: 'PATH_MISSING' })
  })
})
