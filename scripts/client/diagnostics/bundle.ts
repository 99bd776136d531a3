// writes files as one tar.gz that only its owner can read; it is there whole or not at all.
import { createWriteStream, renameSync, rmSync } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { pack } from 'tar-stream'
import type { BundleFile } from './collect.ts'

/**
 * @param folder the name of the folder in the archive.
 * @throws what the file system says; also where something of that name is there
 */
export async function writeBundle(path: string, folder: string, files: readonly BundleFile[]): Promise<void> {
  const archive = pack()
  const temporary = `${path}.${process.pid}.tmp`
  const written = pipeline(archive, createGzip(), createWriteStream(temporary, { mode: 0o600, flags: 'wx' }))
  for (const { name, text } of files) archive.entry({ name: `${folder}/${name}`, mode: 0o600 }, text)
  archive.finalize()
  try {
    await written
    renameSync(temporary, path)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
}

/** says at the top of the bundle what is in it. */
export function describeBundle(files: readonly BundleFile[]): BundleFile {
  const rows = files.map(({ name, about }) => `${name.padEnd(18)}${about}`)
  const text = [
    'What LOTUS says about itself, for whoever helps you. It was written by `lotus diagnostics` and sent to nobody.',
    '',
    ...rows,
    '',
    'Not in it: goals, answers, notes, reminders, names and contents of files, the token, keys and passwords.',
    'Look into it before you pass it on.',
    '',
  ].join('\n')
  return { name: 'README.txt', about: 'this', text }
}
