// goals in a folder, one a line, and behind `=>` the traces that serve each, with what their steps are given.
import { names } from '../support.ts'

export const folder = names(
  'backup.tar.gz',
  'photos.zip',
  'letters/',
  'letters/a.txt',
  'letters/b.txt',
  'tax papers/',
  'tax papers/2023.txt',
  'tax papers/2024.txt',
  'single.txt',
)

export const goals = `
unpack photos.zip and put what's inside in a folder called album2 => archives.extract {"path":"photos.zip","to":"album2"}
peek into photos.zip without extracting it, what's in there? => archives.list {"path":"photos.zip"}
backup.tar.gz should be unpacked into the directory old-site => archives.extract {"path":"backup.tar.gz","to":"old-site"}
what's packed in photos.zip => archives.list {"path":"photos.zip"}
photos.zip contains what? => archives.list {"path":"photos.zip"}
which files does photos.zip hold => archives.list {"path":"photos.zip"}
photos.zip - what's in it? => archives.list {"path":"photos.zip"}
show the contents of backup.tar.gz => archives.list {"path":"backup.tar.gz"}
have a look inside photos.zip => archives.list {"path":"photos.zip"}
I want to know what's inside photos.zip => archives.list {"path":"photos.zip"}
how many files does photos.zip hold => archives.count {"path":"photos.zip","answer":"count"}
is there a cat.jpg in photos.zip => archives.contains {"path":"photos.zip","contains":"cat.jpg"}
unzip photos.zip => archives.extract {"path":"photos.zip"}
photos.zip needs unpacking => archives.extract {"path":"photos.zip"}
photos.zip should be extracted here => archives.extract {"path":"photos.zip"}
get everything out of photos.zip => archives.extract {"path":"photos.zip"}
zip up letters => archives.create_default {"sources":["letters"],"to":"letters.zip"}
letters should be zipped as l.zip => archives.create {"sources":["letters"],"to":"l.zip"}
make a zip of letters called l.zip => archives.create {"sources":["letters"],"to":"l.zip"}
I need a zip of letters, name it l.zip => archives.create {"sources":["letters"],"to":"l.zip"}
put letters in a zip called l.zip => archives.create {"sources":["letters"],"to":"l.zip"}
letters needs to be compressed into l.tar.gz => archives.create {"sources":["letters"],"to":"l.tar.gz"}
can I have letters as a tarball called l.tgz => archives.create {"sources":["letters"],"to":"l.tgz"}
pack letters and "tax papers" into one archive all.zip => archives.create {"sources":["letters","tax papers"],"to":"all.zip"}
bundle letters and "tax papers" together as all.zip => archives.create {"sources":["letters","tax papers"],"to":"all.zip"}
could the letters folder be put into l.zip => archives.create {"sources":["letters"],"to":"l.zip"}
turn letters into a zip file => archives.create_default {"sources":["letters"],"to":"letters.zip"}
archive the letters folder as l.tar.gz => archives.create {"sources":["letters"],"to":"l.tar.gz"}
photos.zip, unpack it please => archives.extract {"path":"photos.zip"}
unpack the photos.zip archive => archives.extract {"path":"photos.zip"}
I want photos.zip extracted => archives.extract {"path":"photos.zip"}
can you unzip photos.zip for me => archives.extract {"path":"photos.zip"}
extract everything in photos.zip to pics => archives.extract {"path":"photos.zip","to":"pics"}
photos.zip should be unzipped into pics => archives.extract {"path":"photos.zip","to":"pics"}
unpack photos.zip to a new folder called pics => archives.extract {"path":"photos.zip","to":"pics"}
unzip photos.zip, into pics please => archives.extract {"path":"photos.zip","to":"pics"}
put the contents of photos.zip in pics => archives.extract {"path":"photos.zip","to":"pics"}
what's inside of photos.zip? => archives.list {"path":"photos.zip"}
let me see what's in photos.zip => archives.list {"path":"photos.zip"}
photos.zip: list the contents => archives.list {"path":"photos.zip"}
tell me what photos.zip contains => archives.list {"path":"photos.zip"}
which files are inside photos.zip => archives.list {"path":"photos.zip"}
names of the files in photos.zip => archives.list {"path":"photos.zip"}
show the entries of backup.tar.gz => archives.list {"path":"backup.tar.gz"}
how many entries are in photos.zip => archives.count {"path":"photos.zip","answer":"count"}
photos.zip holds how many files? => archives.count {"path":"photos.zip","answer":"count"}
does photos.zip have cat.png in it => archives.contains {"path":"photos.zip","contains":"cat.png"}
is cat.png part of photos.zip? => archives.contains {"path":"photos.zip","contains":"cat.png"}
only extract cat.png from photos.zip => archives.extract_one {"path":"photos.zip","only":"cat.png"}
get just cat.png out of photos.zip => archives.extract_one {"path":"photos.zip","only":"cat.png"}
make a zip out of letters called l.zip => archives.create {"sources":["letters"],"to":"l.zip"}
create l.zip from letters => archives.create {"sources":["letters"],"to":"l.zip"}
zip the letters directory, call it l.zip => archives.create {"sources":["letters"],"to":"l.zip"}
letters, zipped as l.zip please => archives.create {"sources":["letters"],"to":"l.zip"}
I want letters zipped up as l.zip => archives.create {"sources":["letters"],"to":"l.zip"}
letters needs zipping into l.zip => archives.create {"sources":["letters"],"to":"l.zip"}
could you make me a zip of letters and name it l.zip => archives.create {"sources":["letters"],"to":"l.zip"}
pack the letters folder up as l.tar.gz => archives.create {"sources":["letters"],"to":"l.tar.gz"}
put letters and single.txt into one zip called b.zip => archives.create {"sources":["letters","single.txt"],"to":"b.zip"}
wrap letters into a tarball named l.tar.gz => archives.create {"sources":["letters"],"to":"l.tar.gz"}
compress letters => archives.create_default {"sources":["letters"],"to":"letters.tar.gz"}
zip everything in letters into l.zip => archives.create_matching {"query":{"recursive":false,"kind":"any","root":"letters"},"to":"l.zip"}
single.txt should be compressed with gzip => archives.gzip {"path":"single.txt"}
all txt files should be zipped into t.zip => archives.create_matching {"query":{"recursive":true,"extensions":["txt"]},"to":"t.zip"}
make an archive called l.zip with letters in it => archives.create {"sources":["letters"],"to":"l.zip"}
photos.zip has to be unpacked => archives.extract {"path":"photos.zip"}
unpack everything from photos.zip into a directory named pics => archives.extract {"path":"photos.zip","to":"pics"}
photos.zip - extract it into pics => archives.extract {"path":"photos.zip","to":"pics"}
what kind of stuff is in photos.zip => archives.list {"path":"photos.zip"}
any idea what's in photos.zip? => archives.list {"path":"photos.zip"}
list photos.zip => archives.list {"path":"photos.zip"}
could you check what photos.zip has in it => archives.list {"path":"photos.zip"}
backup.tar.gz, what's in it? => archives.list {"path":"backup.tar.gz"}
would you extract photos.zip into the folder pics => archives.extract {"path":"photos.zip","to":"pics"}
photos.zip must be unzipped here => archives.extract {"path":"photos.zip"}
I'd like to know what's in backup.tar.gz => archives.list {"path":"backup.tar.gz"}
how many files does backup.tar.gz contain? => archives.count {"path":"backup.tar.gz","answer":"count"}
extract only cat.png from photos.zip please => archives.extract_one {"path":"photos.zip","only":"cat.png"}
`
