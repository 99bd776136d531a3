// every action of lotus-osd; what an action needs beyond Node and zod is loaded when it runs.
import type { ActionDefinition } from '../action.ts'
import { createAction } from './archives/create.ts'
import { extractAction } from './archives/extract.ts'
import { gzipAction } from './archives/gzip.ts'
import { listAction } from './archives/list.ts'
import { readAction } from './archives/read.ts'
import { dataValue } from './data-value.ts'
import { diskCompare, diskFolders, diskFree, diskUsage } from './disk.ts'
import { compareAction } from './files-compare.ts'
import { countInFile } from './files-count.ts'
import { deleteFromFile, replaceInFile, transformText } from './files-edit.ts'
import { existsFile, infoFile, listFiles } from './files-inspect.ts'
import { copyMatching, deleteMatching, findFiles, moveMatching } from './files-matching.ts'
import { copyFiles, deleteFiles, moveFiles, setMode } from './files-move.ts'
import { newerFile } from './files-newer.ts'
import { renameMatching } from './files-rename.ts'
import { swapFiles, touchFiles } from './files-touch.ts'
import { joinFiles } from './files-join.ts'
import { readFile } from './files-read.ts'
import { appendFile, createFile, insertText, makeFolder, writeFile } from './files-write.ts'
import { authors, count, log } from './git/log.ts'
import { branches, remotes, tags } from './git/refs.ts'
import { diff, status } from './git/status.ts'
import { cpu, load, memory, operatingSystem, uptime } from './system/machine.ts'
import { addresses, ports } from './system/network.ts'
import { packages } from './system/packages.ts'
import { environment, folder, user } from './system/person.ts'
import { processes } from './system/processes.ts'
import { services } from './system/services.ts'
import { tableQuery } from './table.ts'
import { appendMatching, replaceMatching } from './text-many.ts'
import { pickLines } from './text-pick.ts'
import { searchText } from './text-search.ts'

export const actions: readonly ActionDefinition[] = Object.freeze([
  readFile,
  existsFile,
  infoFile,
  listFiles,
  findFiles,
  countInFile,
  compareAction,
  newerFile,
  searchText,
  pickLines,
  tableQuery,
  dataValue,
  createFile,
  writeFile,
  appendFile,
  insertText,
  replaceInFile,
  deleteFromFile,
  transformText,
  joinFiles,
  touchFiles,
  makeFolder,
  copyFiles,
  moveFiles,
  swapFiles,
  deleteFiles,
  setMode,
  copyMatching,
  moveMatching,
  renameMatching,
  deleteMatching,
  replaceMatching,
  appendMatching,
  createAction,
  extractAction,
  listAction,
  readAction,
  gzipAction,
  diskUsage,
  diskCompare,
  diskFolders,
  diskFree,
  memory,
  load,
  uptime,
  cpu,
  operatingSystem,
  user,
  folder,
  processes,
  ports,
  addresses,
  environment,
  services,
  packages,
  status,
  log,
  branches,
  tags,
  authors,
  count,
  diff,
  remotes,
])
