// the errors of file actions; the actions throw the same ones.
import { defineErrors } from '../../../../nucleus/errors.ts'

export const fileErrors = defineErrors({
  PATH_MISSING: {
    title: 'there is nothing at this path',
    fix: 'look at the names that are there, then name one of them',
  },
  PATH_EXISTS: { title: 'something is there already', fix: 'choose another name, or remove what is there first' },
  PATH_INVALID: {
    title: 'this is not a path',
    fix: 'write it without control characters, relative, absolute or as ~/…',
  },
  PATH_OUTSIDE: {
    title: 'this path is outside the folders that LOTUS may use here',
    fix: 'go to its folder first, or allow it with `lotus grant PATH`',
  },
  PATH_CHANGED: {
    title: 'somebody changed this path while it was being used',
    fix: 'try again',
    retryable: true,
  },
  PATH_UNDECIDED: {
    title: 'the plan touches more than was decided on',
    fix: 'run the goal again: the files changed since it was planned',
    retryable: true,
  },
  READ_PROTECTED: {
    title: 'this is private and is never read',
    fix: 'open it yourself: keys, passwords, browser profiles and private folders are kept from LOTUS',
  },
  WRITE_PROTECTED: {
    title: 'this file decides what programs run and is never changed',
    fix: 'change it yourself: shell settings, .git, autostart and the like are kept from LOTUS',
  },
  NOT_A_FILE: { title: 'this is not a file', fix: 'name a file' },
  NOT_A_FOLDER: { title: 'this is not a folder', fix: 'name a folder' },
  NOT_ORDINARY: {
    title: 'this is a device, pipe or socket',
    fix: 'name a file or folder',
  },
  TOO_LARGE: {
    title: 'this file is larger than is read at once',
    fix: 'ask for a part of it, its first lines for example',
  },
  TOO_MANY_ENTRIES: { title: 'there are more files here than are looked at', fix: 'name a folder further down' },
  NAME_TOO_LONG: { title: 'this name is too long', fix: 'choose a shorter one' },
  DISK_FULL: { title: 'the disk is full', fix: 'free some space (`lotus run "show disk usage"`), then try again' },
  READ_ONLY: { title: 'this file system is read-only', fix: 'choose a folder on another one' },
  NOT_PERMITTED: { title: 'the system does not permit this', fix: 'check who owns it and its mode (`ls -l`)' },
  TOO_MANY_OPEN: { title: 'too many files are open', fix: 'try again in a moment', retryable: true },
  FILE_SYSTEM_FAILED: { title: 'the file system reports an error', fix: 'look at `dmesg` and `lotus logs`' },
})
