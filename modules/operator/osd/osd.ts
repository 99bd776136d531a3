// puts the parts of osd together: chain, policy, tickets, plans, tools and the socket.
import { join } from 'node:path'
import type { OperatorStatistics } from '../contract.ts'
import { createAbilities } from './abilities.ts'
import { openAuditChain } from './audit/chain.ts'
import { startChainCheck } from './audit/check.ts'
import { createDesktop } from './desktop.ts'
import { canOpenSafely } from './files/safe-folder.ts'
import { createHandlers } from './handlers.ts'
import type { Caller } from './handlers.ts'
import { createConfirmations } from './plan/confirmations.ts'
import { createLocks } from './plan/locks.ts'
import { createPlanService } from './plan/service.ts'
import { plainText } from './plan/show.ts'
import { loadPolicy } from './policy/load.ts'
import type { OsdHealth } from './protocol.ts'
import type { StartSettings } from './settings.ts'
import { listen } from './socket.ts'
import { ticketErrors } from './tickets/errors.ts'
import { createGrants } from './tickets/grants.ts'
import { createGuard } from './tickets/guard.ts'
import { createTickets } from './tickets/tickets.ts'
import { createTokens, hashOfToken } from './tickets/token-book.ts'
import { createTokenHandlers } from './tickets/token-handlers.ts'
import { createTokenCheck, standingTokens } from './tickets/token.ts'
import { createToolBook } from './tools.ts'
import { createUndoAction } from './undo/action.ts'
import { recover } from './undo/recover.ts'
import { createUndoStore } from './undo/store.ts'
import { createProcessBook } from './process-book.ts'

export interface Osd {
  /** plans that were cut off and have been taken back at this start. */
  readonly recovered: number
  /** from now on whoever knows this secret is the nucleus. */
  trust(secret: string): void
  /** resolves when the nucleus asks it to end. */
  readonly stopRequested: Promise<string>
  /** a nucleus in another process than the one that started osd is attached: osd lives for that one. */
  readonly isTakenOver: boolean
  /** tells a line of the log to whoever is attached. */
  tell(level: 'info' | 'warn' | 'error', message: string, fields: Readonly<Record<string, unknown>>): void
  /** takes no more plans, waits for those under way at most `drainMs`, then ends. */
  close(drainMs: number): Promise<void>
}

export interface OsdOptions {
  /** a nucleus of another process than the one that started osd has gone; there may be more of them. */
  readonly onHeirGone: () => void
  readonly log: (level: 'info' | 'warn' | 'error', message: string, fields?: Readonly<Record<string, unknown>>) => void
}

// purging looks at every plan kept: often enough that the limit holds, rarely enough to cost nothing.
const purgeEveryMs = 3_600_000
// signs of a question that are told along with it; a longer one is fetched by whoever wants it.
const longestTold = 65_536

/** starts everything; what was cut off is taken back before the first call is answered. */
export async function createOsd(settings: StartSettings, { log, onHeirGone }: OsdOptions): Promise<Osd> {
  const { home } = settings
  const auditFolder = join(home, 'audit')
  const [chain, evaluator] = await Promise.all([
    openAuditChain(auditFolder, { maxBytes: settings.auditFileBytes }),
    loadPolicy([...settings.policies, join(home, 'policies')]),
  ])
  const check = startChainCheck({
    folder: auditFolder,
    upTo: chain.head.sequence,
    async onBroken({ sequence, reason }) {
      log('error', 'the audit chain was changed by hand', { sequence, reason })
      // the chain goes on: what happens from now on is on record, and so is that this was found
      await chain.append({
        kind: 'audit.broken',
        traceId: '',
        uid: process.getuid?.() ?? 0,
        body: { sequence, reason },
      })
    },
    onFailed: (error) => log('warn', 'the audit chain could not be checked', { error: String(error) }),
  })
  const store = createUndoStore(join(home, 'undo'))
  const recovery = await recover(store, chain)
  for (const left of recovery.left) log('warn', 'a plan that was cut off could not be taken back wholly', { left })
  const limits = {
    maxPlans: settings.undoPlans,
    maxAgeMs: settings.undoAgeMs,
    maxBytes: settings.undoBytes,
    minAgeMs: settings.undoMinAgeMs,
  }
  store.purge(limits)

  const abilities = createAbilities([createUndoAction(store)])
  const canOpen = canOpenSafely()

  const guard = createGuard(home, settings.privatePaths)
  const grants = createGrants(join(home, 'grants.json'), guard)
  const tickets = createTickets({ state: home, grants, guard })
  const standing = (): string[] => standingTokens(join(home, 'token'), settings.httpToken)
  const tokenBook = createTokens(join(home, 'tokens.json'), () => standing().map(hashOfToken))
  const tools = createToolBook()
  const confirmations = createConfirmations()
  const counts = {
    actions: {} as Record<string, number>,
    decisions: { allow: 0, confirm: 0, deny: 0 },
    failures: 0,
    actionTimeMs: 0,
  }
  const nuclei = new Set<Caller>()
  const starter = process.ppid
  // kept when a connection ends: its process stays what it is.
  const nucleusProcesses = createProcessBook()
  nucleusProcesses.add(starter)
  const isHeir = ({ credentials }: Caller): boolean => credentials.pid !== starter
  let secret: string | undefined
  const stopping = Promise.withResolvers<string>()

  /** @param options.unhurried - nobody waits for it: it goes out with what somebody does wait for. */
  function notify(method: string, params: object, options?: { readonly unhurried: boolean }): void {
    for (const { peer } of nuclei) peer.notify(method, params, options)
  }

  const plans = createPlanService({
    settings,
    abilities: {
      action: abilities.find,
      tool: tools.find,
      checkToolArguments: tools.checkArguments,
    },
    evaluator: () => evaluator,
    chain,
    store,
    confirmations,
    locks: createLocks(),
    reachOf(ticket) {
      // without openat2 nothing keeps a path from leaving its folder: then there are no folders.
      const reach = tickets.reach(ticket)
      return canOpen ? reach : { ...reach, roots: [] }
    },
    trash: join(home, 'trash'),
    runTool: (tool, args, call, signal) => tools.run(tool.name, args, call, signal),
    missed: (error) =>
      log('warn', 'rows of a plan that changed nothing could not be written', { error: String(error) }),
    observer: {
      decided({ planId, planHash, traceId, decision, policies }) {
        counts.decisions[decision as 'allow'] += 1
        const told = { plan_id: planId, plan_hash: planHash, trace_id: traceId, decision, policies }
        notify('plan.decided', told, { unhurried: true })
      },
      waiting({ planId, planHash, plan, preview, via, expiresMs }, traceId) {
        const expiresAt = new Date(expiresMs).toISOString()
        const goal = plainText(plan.goal)
        const length = preview.reduce((sum, line) => sum + line.length, goal.length)
        notify('plan.waiting', {
          plan_id: planId,
          plan_hash: planHash,
          trace_id: traceId,
          expires_at: expiresAt,
          via,
          ...(length > longestTold ? {} : { goal, preview }),
        })
      },
      stepEnded({ planId, traceId, result, durationMs }) {
        counts.actions[result.action] = (counts.actions[result.action] ?? 0) + 1
        counts.actionTimeMs += durationMs
        if (result.status !== 'completed') counts.failures += 1
        const undoId = result.undoId === undefined ? {} : { undo_id: result.undoId }
        const { id: step, action, status } = result
        notify(
          'step.ended',
          {
            plan_id: planId,
            trace_id: traceId,
            step,
            action,
            status,
            duration_ms: durationMs,
            ...undoId,
          },
          { unhurried: true },
        )
      },
    },
  })

  function health(): OsdHealth {
    const problems: string[] = []
    if (evaluator.problem !== undefined) problems.push(`the policy: ${evaluator.problem}`)
    if (abilities.problem !== undefined) problems.push(`the actions can’t be loaded: ${abilities.problem}`)
    if (!canOpen) problems.push(ticketErrors.PLATFORM_UNSUPPORTED().message)
    if (chain.problem !== undefined) problems.push(`the audit chain can’t be written: ${chain.problem}`)
    if (check.problem !== undefined) problems.push(check.problem)
    if (grants.problem !== undefined) problems.push(grants.problem)
    if (tokenBook.problem !== undefined) problems.push(tokenBook.problem)
    const details = {
      tickets: tickets.count,
      running: plans.running,
      waiting: confirmations.open,
      audit_rows: chain.head.sequence,
      audit_checked: check.rows,
      rules: evaluator.rules.length,
    }
    return { status: problems.length === 0 ? 'healthy' : 'degraded', problems, details }
  }

  const handle = createHandlers({
    secret: () => secret,
    auditFolder,
    tickets,
    grants,
    store,
    token: createTokenCheck(standing, tokenBook),
    tokens: createTokenHandlers(tokenBook, join(home, 'token'), chain),
    desktop: createDesktop({ program: settings.notifyProgram, environment: process.env, chain }),
    chain,
    plans,
    confirmations,
    tools,
    actions: abilities.all,
    evaluator: () => evaluator,
    statistics: (): OperatorStatistics => ({
      ...counts,
      actions: { ...counts.actions },
      decisions: { ...counts.decisions },
    }),
    health,
    onAttach(caller) {
      caller.attached = true
      nuclei.add(caller)
      nucleusProcesses.add(caller.credentials.pid)
    },
    onStop(caller) {
      // in a reload the next generation is attached before the last one lets go
      if ([...nuclei].some((one) => one !== caller)) return false
      stopping.resolve('the nucleus asked for it')
      return true
    },
    isNucleus: nucleusProcesses.has,
  })
  const socket = await listen({
    path: settings.socket,
    onCall: handle,
    onClose(caller) {
      if (nuclei.delete(caller) && isHeir(caller)) onHeirGone()
      for (const ticket of caller.tickets) tickets.release(ticket)
    },
  })
  const purging = setInterval(() => store.purge(limits), purgeEveryMs)
  return {
    recovered: recovery.rolledBack,
    trust(given) {
      secret = given
    },
    stopRequested: stopping.promise,
    get isTakenOver() {
      return [...nuclei].some(isHeir)
    },
    tell: (level, message, fields) => notify('osd.log', { level, message, fields }),
    async close(drainMs) {
      clearInterval(purging)
      await plans.drain(drainMs)
      await socket.close()
      await check.close()
      await chain.close()
    },
  }
}
