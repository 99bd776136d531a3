// the settings of a nucleus that is one of several: its labels, and what a worker can't do without.
import type { CoreSettings } from './core.ts'
import type { SettingProblem } from './problems.ts'

const labelPattern = /^[a-z0-9][a-z0-9_.-]{0,39}$/

/** labels as they are written in the setting. */
export function listLabels(text: string): readonly string[] {
  return text.split(',').flatMap((label) => label.trim() || [])
}

/** what is wrong with settings that are right by themselves. @param placeOf - where a setting of the core was found */
export function findPlaceProblems(
  { labels, role, postgresUrl, redisUrl }: CoreSettings,
  placeOf: (name: string) => string,
): SettingProblem[] {
  const wrong = listLabels(labels).filter((label) => !labelPattern.test(label))
  const problems: SettingProblem[] = wrong.map((label) => ({
    name: 'LOTUS_LABELS',
    value: `'${label}'`,
    place: placeOf('labels'),
    reason: 'is no label: one has lower case letters, digits and `_.-`, at most 40',
    remedy: 'write for example gpu,large-disk',
  }))
  if (role !== 'worker') return problems
  const missing = [
    ...(postgresUrl === '' ? ['LOTUS_POSTGRES_URL'] : []),
    ...(redisUrl === '' ? ['LOTUS_REDIS_URL'] : []),
  ]
  const needed = missing.map((name) => ({
    name,
    place: placeOf('role'),
    reason: 'is missing: a worker takes its work from the Redis and the Postgres of a system',
    remedy: `set ${name} to that of the nucleus that it works for, or leave LOTUS_ROLE and --role out`,
  }))
  return [...problems, ...needed]
}
