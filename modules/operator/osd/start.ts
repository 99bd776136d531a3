// the first file of the process lotus-osd: what its last start has loaded lies in one file, which is opened before the rest.
import { openCodePack } from '../../../nucleus/process/code-pack.ts'

openCodePack('osd')
await import('./main.ts')
