// system.user, system.folder and system.environment: who asks, from where, with which variables.
import { z } from 'zod'
import type { ActionContext, ActionResult } from '../../action.ts'
import { defineAction } from '../../action.ts'
import { limitLines, shortBytes } from '../format.ts'
import { shortLine } from '../text-file.ts'
import { readAccount } from './users.ts'

const reading = { effect: 'none', risk: 'none', undoable: false, timeoutMs: 5000 } as const

export const user = defineAction({
  ...reading,
  name: 'system.user',
  description: 'the user who asks: name, number, home folder, groups and shell',
  input: z.strictObject({
    part: z.enum(['name', 'id', 'home', 'groups', 'shell', 'all']).optional().describe('default all'),
  }),
  resources: async () => [{ kind: 'system', access: 'read', name: 'user' }],
  run: async (args, { uid, home, environment }) => {
    const account = await readAccount(uid)
    const name = account.name ?? environment.get('USER') ?? `uid ${uid}`
    const shell = environment.get('SHELL') ?? account.shell ?? ''
    const { groups } = account
    const texts = {
      name: `${name} (uid ${uid})`,
      id: `uid ${uid} (${name})`,
      home,
      groups: groups.length === 0 ? `no groups of ${name} are known` : groups.join(' '),
      shell: shell === '' ? `no shell of ${name} is known` : shell,
      all: `${name} (uid ${uid}), home folder ${home}`,
    }
    const part = args.part ?? 'all'
    return { text: texts[part], data: { name, uid, home, groups, shell, text: texts[part] } }
  },
})

export const folder = defineAction({
  ...reading,
  name: 'system.folder',
  description: 'the working folder',
  input: z.strictObject({}),
  resources: async () => [{ kind: 'system', access: 'read', name: 'folder' }],
  run: async (_args, context) => ({ text: context.cwd, data: { path: context.cwd } }),
})

const mask = '••••••'
/** characters of a value shown in a list. */
const shownLength = 500

// rather one name too many than a key on the screen; PWD and OLDPWD are folders.
const secretName =
  /KEY$|(^|_)KEYS?(_|$)|TOKEN|SECRET|PASSW|PASSPHRASE|(^|_)PASS(_|$)|PASS$|CREDENTIAL|(^|_)AUTH(_|$)|PRIVATE|COOKIE|SESSION|(^|_)(DSN|PAT|PIN|PWD|CERT|JWT)(_|$)/
const folderNames = new Set(['PWD', 'OLDPWD'])

/** says whether a variable's name looks like that of a secret. */
export function looksSecret(name: string): boolean {
  return !folderNames.has(name) && secretName.test(name.replace(/([a-z])([A-Z])/g, '$1_$2').toUpperCase())
}

/** a value with the password of any address in it masked. */
function withoutPasswords(value: string): string {
  return value.replace(/(?<=[a-z][a-z0-9+.-]{0,31}:\/\/[^/\s:@]{0,256}:)[^/\s@]{1,1024}(?=@)/gi, mask)
}

function showVariable(name: string, value: string): { text: string; value: string | null } {
  if (looksSecret(name) && value !== '') return { text: mask, value: null }
  const safe = withoutPasswords(value)
  return { text: safe, value: safe }
}

function one(name: string, context: ActionContext): ActionResult {
  const value = context.environment.get(name)
  if (value === undefined) {
    return { text: `the environment variable ${name} is not set`, data: { name, set: false, value: null } }
  }
  const shown = showVariable(name, value)
  const data = { name, set: true, value: shown.value, masked: shown.value !== value, text: shown.text }
  if (value === '') return { text: `the environment variable ${name} is set, but empty`, data }
  if (shown.value === null) {
    return {
      text: `${name}=${mask} (hidden: the name looks like that of a secret, ${shortBytes(Buffer.byteLength(value))})`,
      data,
    }
  }
  return { text: `${name}=${shown.text}`, data }
}

export const environment = defineAction({
  ...reading,
  name: 'system.environment',
  description: 'environment variables of the person, secrets hidden',
  input: z.strictObject({ name: z.string().min(1).max(255).optional() }),
  resources: async () => [{ kind: 'system', access: 'read', name: 'environment' }],
  run: async (args, context) => {
    if (args.name !== undefined) return one(args.name.replace(/^\$\{?|\}$/g, ''), context)
    const names = [...context.environment.keys()].toSorted()
    const shown = names.map((name) => ({ name, ...showVariable(name, context.environment.get(name) ?? '') }))
    const hidden = shown.filter(({ value }) => value === null).length
    const lines = shown.map(({ name, text }) => `${name}=${shortLine(text, shownLength)}`)
    if (hidden > 0) lines.push(`(${hidden} hidden: their names look like those of secrets)`)
    return {
      text: lines.length === 0 ? 'no environment variables are known' : limitLines(lines),
      data: {
        count: names.length,
        variables: Object.fromEntries(shown.map(({ name, value }) => [name, value])),
      },
    }
  },
})
