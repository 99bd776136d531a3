// the three words of `lotus service`, for a site.
import type { CommandCall } from '../command.ts'
import { escapeLine, escapeText, jsonLine } from '../escape.ts'
import { exitCodes } from '../exit-codes.ts'
import { findHolder } from '../nucleus.ts'
import { stopNucleus } from '../shutdown.ts'
import { cronLine, sysvCommands } from './elsewhere.ts'
import { serviceErrors } from './errors.ts'
import { serviceUser, type ServiceSite } from './site.ts'
import { carryOut, describeStep, presentStep, type Step } from './steps.ts'
import { installSteps, readState, uninstallSteps, type ServiceState } from './systemd.ts'

export interface ServiceWish {
  readonly word: string
  readonly linger: boolean
  /** shows the steps and does none. */
  readonly isDry: boolean
}

/** how long a LOTUS that was started otherwise has to end, milliseconds. */
const stopLimitMs = 55_000

type Call = Pick<CommandCall, 'terminal' | 'json' | 'place'>

/** does what is wished for and gives the exit code. @throws what service/errors.ts lists */
export async function manageService(site: ServiceSite, wish: ServiceWish, call: Call): Promise<number> {
  const state = readState(site)
  if (wish.word === 'status') return showStatus(site, state, call)
  const isReal = !wish.isDry && site.hasSystemd
  if (isReal && site.scope === 'system' && !site.isRoot) throw serviceErrors.SERVICE_NEEDS_ROOT()
  const holder = findHolder({ ...call.place, home: site.home })
  const steps =
    wish.word === 'install'
      ? [...installSteps(site, state, holder), ...(wish.linger ? lingerSteps(site, state) : [])]
      : uninstallSteps(site, state)
  if (wish.isDry) return showSteps(site, steps, call)
  if (!site.hasSystemd) return refuseWithoutSystemd(site, call)
  await carryOut(steps, {
    environment: site.environment,
    stop: async (pid) => {
      await stopNucleus({ ...call.place, home: site.home }, pid, stopLimitMs, () => undefined)
    },
  })
  return showDone(site, wish, steps, call)
}

function lingerSteps({ scope, person }: ServiceSite, { lingers }: ServiceState): Step[] {
  return scope === 'user' && lingers !== true ? [{ kind: 'run', argv: ['loginctl', 'enable-linger', person.name] }] : []
}

function showSteps(site: ServiceSite, steps: readonly Step[], { terminal, json }: Call): number {
  if (json) {
    const elsewhere = site.hasSystemd ? {} : { elsewhere: alternatives(site) }
    terminal.print(jsonLine({ dry_run: true, systemd: site.hasSystemd, steps: steps.map(presentStep), ...elsewhere }))
    return exitCodes.completed
  }
  if (steps.length === 0) terminal.print('nothing to do')
  for (const step of steps) {
    terminal.print(escapeLine(describeStep(step)))
    if (step.kind === 'write') terminal.print(escapeText(step.text.replaceAll(/^(?=.)/gm, '  ').trimEnd()))
  }
  if (!site.hasSystemd) terminal.note(`\n${explainElsewhere(site)}`)
  return exitCodes.completed
}

function alternatives(site: ServiceSite): Record<string, unknown> {
  return { cron: cronLine(site), sysv: sysvCommands(site) }
}

function explainElsewhere(site: ServiceSite): string {
  return [
    'systemd does not run this machine. with cron, add this line with `crontab -e`:',
    `  ${escapeLine(cronLine(site))}`,
    'or as a service of SysV init, as root:',
    ...sysvCommands(site).map((line) => `  ${escapeLine(line)}`),
  ].join('\n')
}

function refuseWithoutSystemd(site: ServiceSite, { terminal, json }: Call): number {
  if (!json) {
    terminal.print(explainElsewhere(site))
    throw serviceErrors.SERVICE_NO_SYSTEMD()
  }
  const { code, message, fix } = serviceErrors.SERVICE_NO_SYSTEMD()
  terminal.print(jsonLine({ error: { code, message, fix }, elsewhere: alternatives(site) }))
  return exitCodes.failed
}

function showDone(site: ServiceSite, wish: ServiceWish, steps: readonly Step[], { terminal, json }: Call): number {
  const after = readState(site)
  if (json) {
    terminal.print(jsonLine({ done: steps.map(presentStep), ...presentState(site, after) }))
    return exitCodes.completed
  }
  if (wish.word === 'uninstall') {
    terminal.print(steps.length === 0 ? 'the service is not installed' : 'the service is stopped and removed')
    if (site.scope === 'system' && steps.length > 0) {
      terminal.print(
        `its state is kept in ${site.home}, and its user ${serviceUser}: \`userdel ${serviceUser}\` removes that`,
      )
    }
    return exitCodes.completed
  }
  for (const step of steps) terminal.print(`done: ${escapeLine(describeStep(step))}`)
  terminal.print(steps.length === 0 ? 'the service is installed and runs already' : 'the service is installed and runs')
  for (const line of adviceFor(site, after)) terminal.print(line)
  return exitCodes.completed
}

function adviceFor(site: ServiceSite, { lingers }: ServiceState): string[] {
  if (site.scope === 'system') return [`its LOTUS_HOME is ${site.home}`]
  const lines: string[] = []
  if (lingers !== true) {
    lines.push(
      `it starts when you log in; \`loginctl enable-linger ${escapeLine(site.person.name)}\` lets it start with the machine`,
    )
  }
  const own = Object.keys(site.environment).filter((name) => name.startsWith('LOTUS_') && name !== 'LOTUS_HOME')
  if (own.length > 0) {
    lines.push(
      `the service does not see ${own.map(escapeLine).join(', ')} of this shell: put them into ${escapeLine(site.home)}/.env`,
    )
  }
  return lines
}

function presentState(site: ServiceSite, state: ServiceState): Record<string, unknown> {
  return {
    systemd: site.hasSystemd,
    scope: site.scope,
    installed: state.text !== undefined,
    path: state.path,
    current: state.isCurrent,
    enabled: state.enabled,
    active: state.active,
    linger: state.lingers ?? null,
  }
}

function showStatus(site: ServiceSite, state: ServiceState, { terminal, json }: Call): number {
  const isRunning = state.text !== undefined && state.active === 'active'
  if (json) terminal.print(jsonLine(presentState(site, state)))
  else if (!site.hasSystemd) terminal.print(`no service: ${explainElsewhere(site)}`)
  else if (state.text === undefined) {
    terminal.print(
      `the service is not installed\ninstall it with \`lotus service install${site.scope === 'system' ? ' --system' : ''}\``,
    )
  } else {
    terminal.print(
      `${escapeLine(state.path)}: ${escapeLine(state.enabled || 'unknown')}, ${escapeLine(state.active || 'unknown')}`,
    )
    if (!state.isCurrent)
      terminal.print('the unit is not the one of this version: `lotus service install` writes it anew')
    if (state.lingers === false) for (const line of adviceFor(site, state).slice(0, 1)) terminal.print(line)
  }
  return isRunning ? exitCodes.completed : exitCodes.refused
}
