// config/docker-compose.yml as an engine would read it: merged, with variables in place, durations in milliseconds.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { project } from '../private-lotus.ts'

export interface HealthCheck {
  readonly test: readonly string[]
  readonly interval: string
  readonly timeout: string
  readonly start_period: string
  readonly retries: number
}

export interface Service {
  readonly image: string
  readonly build?: { readonly context: string; readonly target: string }
  readonly user: string
  readonly restart: string
  readonly command?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  readonly healthcheck: HealthCheck
  readonly ports?: readonly string[]
  readonly networks: readonly string[]
  readonly volumes: readonly string[]
  readonly tmpfs: readonly string[]
  readonly read_only: boolean
  readonly cap_drop: readonly string[]
  readonly security_opt: readonly string[]
  readonly stop_grace_period: string
  readonly stop_signal?: string
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>
  readonly deploy: {
    readonly replicas?: number
    readonly resources: { readonly limits: { readonly cpus: string; readonly memory: string; readonly pids: number } }
  }
}

export interface ComposeFile {
  readonly services: Readonly<Record<string, Service>>
  readonly networks: Readonly<Record<string, { readonly internal?: boolean } | null>>
  readonly volumes: Readonly<Record<string, unknown>>
}

export const composePath = join(project, 'config', 'docker-compose.yml')

/** the file as it is written. */
export function composeText(): string {
  return readFileSync(composePath, 'utf8')
}

/** the variables that must be set for the file to be read at all. */
export function requiredVariables(): string[] {
  return [...new Set([...composeText().matchAll(/(?<!\$)\$\{(\w+):\?/g)].map(([, name]) => name!))]
}

/** @throws where a variable is missing that the file requires */
export function readCompose(variables: Readonly<Record<string, string>> = exampleVariables()): ComposeFile {
  return fill(parse(composeText(), { merge: true }), variables) as ComposeFile
}

/** a value for each required variable. */
export function exampleVariables(): Record<string, string> {
  return Object.fromEntries(requiredVariables().map((name) => [name, `${name.toLowerCase().replaceAll('_', '')}0123`]))
}

// interpolation: the section of that name in the Compose Specification. only the forms that the file uses.
function fill(value: unknown, variables: Readonly<Record<string, string>>): unknown {
  if (Array.isArray(value)) return value.map((one) => fill(one, variables))
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, fill(one, variables)]))
  }
  if (typeof value !== 'string') return value
  const filled = value.replaceAll(
    /\$\$|\$\{(\w+)(?::([-?])([^}]*))?\}|\$(?!\$)/g,
    (found, name?: string, sign?: string, rest = '') => {
      if (found === '$$') return '$'
      if (name === undefined) throw new Error(`${value}: a dollar that is no variable is written as two`)
      const given = variables[name] ?? ''
      if (given !== '') return given
      if (sign === '?') throw new Error(`${name} ${rest}`)
      return rest
    },
  )
  return filled !== value && /^\d+$/.test(filled) ? Number(filled) : filled
}

/** `1m30s` in milliseconds. */
export function durationMs(text: string): number {
  const units: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1_000 }
  const parts = [...text.matchAll(/(\d+)([hms])/g)]
  if (parts.map(([part]) => part).join('') !== text) throw new Error(`no duration: ${text}`)
  return parts.reduce((sum, [, number, unit]) => sum + Number(number) * units[unit!]!, 0)
}

/** the words that an engine would start for a health check or a command. */
export function checkCommand({ test }: HealthCheck): string[] {
  const [form, ...words] = test
  if (form === 'CMD') return words
  if (form === 'CMD-SHELL' && words.length === 1) return ['/bin/sh', '-c', words[0]!]
  throw new Error(`no health check: ${test.join(' ')}`)
}
