// what `lotus start` hands over through standard input instead of the environment: an environment can be read in /proc by
// every process of the same user, for as long as the process lives.
import { readFileSync } from 'node:fs'

/** tells the nucleus to read its standard input to the end first. */
export const handedOption = '--environment-on-stdin'

/** variables that are handed over, where they are set. */
const secretVariables = ['LOTUS_HTTP_TOKEN']

/** splits an environment: what may stand in it, and what is handed over, as the text for standard input. */
export function splitEnvironment(environment: NodeJS.ProcessEnv): {
  readonly open: NodeJS.ProcessEnv
  readonly handed: string | undefined
} {
  const open = { ...environment }
  const secrets: Record<string, string> = {}
  for (const name of secretVariables) {
    const value = open[name]
    delete open[name]
    if (value !== undefined && value !== '') secrets[name] = value
  }
  return { open, handed: Object.keys(secrets).length === 0 ? undefined : JSON.stringify(secrets) }
}

/** the environment of this process, with what was handed over to it. */
export function readHandedEnvironment(argv: readonly string[], environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  if (!argv.includes(handedOption)) return environment
  const text = readFileSync(0, 'utf8')
  // whoever started us was killed before it had written: then nothing is set
  if (text === '') return environment
  return { ...environment, ...(JSON.parse(text) as NodeJS.ProcessEnv) }
}
