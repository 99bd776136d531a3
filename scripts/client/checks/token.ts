// the token of the HTTP interface: there, not empty. who may read it is looked at with the other private files.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { findHolder } from '../nucleus.ts'
import { bad, good, run, shellWord } from './check.ts'
import type { Check } from './check.ts'

export const checkToken: Check = (place) => {
  if (place.environment['LOTUS_HTTP_TOKEN']) return [good('token.there', 'given in the environment')]
  const path = join(place.home, 'token')
  const isRunning = findHolder(place) !== undefined
  const anew = isRunning ? 'lotus restart' : 'lotus start'
  if (!existsSync(path)) {
    return isRunning
      ? [bad('token.there', `${path} is missing`, run(anew, 'which makes a new one'))]
      : [good('token.there', 'made at the first start')]
  }
  try {
    if (readFileSync(path, 'utf8').trim() !== '') return [good('token.there', 'there is one')]
  } catch {
    // that it can't be read is found with the files of the folder
    return []
  }
  const command = `rm ${shellWord(path)} && ${anew}`
  return [bad('token.empty', `${path} is empty`, run(command, 'which makes a new one'))]
}
