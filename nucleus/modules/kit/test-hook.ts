// imported before the test of a module that lies outside of the project: its imports then lead into the project, as they do
// in LOTUS. argv: the test's file.
import { dirname, join } from 'node:path'
import { installElsewhereHook } from '../elsewhere.ts'

installElsewhereHook(dirname(process.argv[1] ?? ''), join(import.meta.dirname, '../../..'))
