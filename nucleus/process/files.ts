// small files of the state folder, written so that a reader sees all of one or none.
import { chmodSync, closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { stateError } from '../infrastructure/errors.ts'

/**
 * makes the state folder and its `run`, readable for nobody else than their user and group.
 * @throws STATE_READ_ONLY, STATE_FULL
 */
export function makeStateFolder(home: string): string {
  const run = `${home}/run`
  for (const folder of [home, run]) {
    try {
      // a folder that is there keeps its mode: its owner may have chosen it
      if (mkdirSync(folder, { recursive: true, mode: 0o750 }) !== undefined) chmodSync(folder, 0o750)
    } catch (error) {
      throw stateError(error, folder) ?? error
    }
  }
  return run
}

/** replaces a file at once; mode 0600. @throws STATE_READ_ONLY, STATE_FULL */
export function writeAtomically(path: string, text: string): void {
  const temporary = `${path}.${process.pid}.tmp`
  try {
    const file = openSync(temporary, 'w', 0o600)
    try {
      writeSync(file, text)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    renameSync(temporary, path)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw stateError(error, path) ?? error
  }
}
