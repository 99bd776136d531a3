// tickets: who asks and from where, as the kernel says it, under a random name that the nucleus passes on.
import { mkdirSync, realpathSync } from 'node:fs'
import { resolve } from 'node:path'
import { randomBytes } from '../../../../nucleus/builtins.ts'
import { followLinks } from '../files/paths.ts'
import { readProtection } from '../files/protection.ts'
import { refusalOfRoot } from '../files/reach.ts'
import type { Reach } from '../files/reach.ts'
import type { Credentials } from '../native/libc.ts'
import { lookAtClient } from './client-process.ts'
import { ticketErrors } from './errors.ts'
import type { Grants } from './grants.ts'
import type { Guard } from './guard.ts'
import { ownHomeFolder } from './own-home.ts'

export interface Ticket {
  /** 128 random bits. */
  readonly id: string
  readonly uid: number
  readonly cwd: string
  readonly home: string
  readonly environment: ReadonlyMap<string, string>
  readonly umask: number
  readonly via: 'peer' | 'token'
  /** why the working folder is not among the roots, in words. */
  readonly cwdRefused?: string
  expiresMs: number
  /** how long each use makes it live. */
  lifeMs: number
}

export interface Tickets {
  /** @throws PEER_REFUSED, PEER_UNKNOWN. */
  issue(peer: Credentials): Ticket
  /** for a client whose token was checked; its working folder is the workspace. */
  issueForToken(): Ticket
  /** @throws TICKET_UNKNOWN. */
  take(id: string): Ticket
  drop(id: string): void
  /** the connection that it was issued to has ended: it lives on for a while, for what was asked with it. */
  release(id: string): void
  /** how far the plans of a ticket reach, with the grants of this moment. */
  reach(ticket: Ticket): Reach
  readonly count: number
}

// a ticket lives an hour from its last use while its client is connected, else ten minutes; the oldest go when there
// are too many.
const connectedLifeMs = 3_600_000
const looseLifeMs = 600_000
const maxTickets = 2_000
const sweepEveryMs = 10_000

export interface TicketOptions {
  /** LOTUS_HOME, without links. */
  readonly state: string
  readonly grants: Grants
  readonly guard: Guard
}

export function createTickets(options: TicketOptions): Tickets {
  const tickets = new Map<string, Ticket>()
  const ownUid = process.getuid?.() ?? 0
  const workspace = resolve(options.state, 'workspace')
  const ownHome = ownHomeFolder()
  let sweptMs = 0

  function add(ticket: Omit<Ticket, 'id' | 'expiresMs'>): Ticket {
    const now = Date.now()
    // what has expired is refused in any case; its memory has time
    if (now - sweptMs > sweepEveryMs) {
      sweptMs = now
      for (const [id, { expiresMs }] of tickets) if (expiresMs < now) tickets.delete(id)
    }
    // a map keeps its order: the first is the one that was used longest ago.
    for (const id of tickets.keys()) {
      if (tickets.size < maxTickets) break
      tickets.delete(id)
    }
    const made = { ...ticket, id: randomBytes(16).toString('hex'), expiresMs: now + ticket.lifeMs }
    tickets.set(made.id, made)
    return made
  }

  return {
    get count() {
      return tickets.size
    },
    issue({ pid, uid }) {
      if (uid !== ownUid && uid !== 0)
        throw ticketErrors.PEER_REFUSED({ value: `uid ${uid}`, detail: `it serves uid ${ownUid}` })
      const client = lookAtClient(pid, uid)
      if (client === undefined) throw ticketErrors.PEER_UNKNOWN({ value: `process ${pid}` })
      const named = client.environment.get('HOME')
      const home = followLinks(named !== undefined && named.startsWith('/') ? resolve(named) : ownHome)
      const cwd = client.cwd ?? '/'
      const folders = options.guard(home)
      const cwdRefused =
        client.cwd === undefined
          ? 'the working folder can’t be seen'
          : (refusalOfRoot(cwd, folders) ?? readProtection(cwd, folders))
      return add({
        uid,
        cwd,
        home,
        environment: client.environment,
        umask: client.umask,
        via: 'peer',
        lifeMs: connectedLifeMs,
        ...(cwdRefused === undefined ? {} : { cwdRefused }),
      })
    },
    issueForToken() {
      mkdirSync(workspace, { recursive: true, mode: 0o700 })
      const cwd = realpathSync.native(workspace)
      return add({
        uid: ownUid,
        cwd,
        home: ownHome,
        environment: new Map(),
        umask: 0o022,
        via: 'token',
        lifeMs: looseLifeMs,
      })
    },
    take(id) {
      const ticket = tickets.get(id)
      if (ticket === undefined || ticket.expiresMs < Date.now()) throw ticketErrors.TICKET_UNKNOWN()
      tickets.delete(id)
      tickets.set(id, ticket)
      ticket.expiresMs = Date.now() + ticket.lifeMs
      return ticket
    },
    drop(id) {
      tickets.delete(id)
    },
    release(id) {
      const ticket = tickets.get(id)
      if (ticket === undefined) return
      ticket.lifeMs = looseLifeMs
      ticket.expiresMs = Math.min(ticket.expiresMs, Date.now() + looseLifeMs)
    },
    reach({ uid, cwd, home, umask, cwdRefused }) {
      const granted = options.grants.list(uid).map(({ path }) => path)
      const folders = options.guard(home)
      // what was granted may have become private or a link since.
      const roots = [...(cwdRefused === undefined ? [cwd] : []), ...granted].filter(
        (path) => refusalOfRoot(path, folders) === undefined && followLinks(path) === path,
      )
      return { cwd, home, umask, roots: [...new Set(roots)], guarded: folders }
    },
  }
}
