// a process of its own that imports contract.ts and settings.ts of one module and tells what they define, as JSON on its
// standard output. argv: the module's folder, the project's root.
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { existsSync } from 'node:fs'
import { installElsewhereHook } from '../elsewhere.ts'
import { readContract } from './definitions.ts'

const [folder = '', root = ''] = process.argv.slice(2)
installElsewhereHook(folder, root)
const path = join(folder, 'settings.ts')
const settings = existsSync(path)
  ? ((await import(pathToFileURL(path).href)) as { settings?: unknown; default?: unknown })
  : {}
const contract = await readContract(folder)
process.stdout.write(JSON.stringify({ contract, settings: settings.settings ?? settings.default ?? {} }))
