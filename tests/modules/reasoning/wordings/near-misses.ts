// sentences that look like goals that are served, and ask for something else: nothing may serve them.

export const sentences = `
menu.txt should not be deleted
I don't want menu.txt deleted
don't delete menu.txt
should menu.txt be deleted?
menu.txt should be deleted tomorrow
menu.txt should be deleted unless it mentions fish
why should menu.txt be deleted?
can menu.txt be deleted safely?
has menu.txt been deleted?
was menu.txt moved to bills?
who moved menu.txt to bills?
menu.txt should have been copied to bills
in timer.cfg, 180 should not become 200
in timer.cfg, should 180 become 200?
in timer.cfg, 180 becomes 200 on Mondays
in timer.cfg, only the second 180 should become 200
in timer.cfg, 180 should become 200 except on the last line
"salt" should be added to shopping.txt twice
"salt" should be added to shopping.txt if there is no salt yet
the directory "to sort" is not empty, so leave it
the directory "to sort" is empty, or is it?
i want 3 directories here: north and south
i want 4 directories here: north, south and middle
no filenames should contain "walrus"
which file got changed most recently by Anna?
which file got changed most recently in the repo of my colleague?
do any filenames contain "walrus" or "seal"?
how long is shopping.txt in minutes?
how long is shopping.txt in pages?
wipe the whole table
wipe the dust off the screen
is there any salt in here?
is there any milk?
menu.txt needs work
pantry.csv needs one more column at the end: "price"
pantry.csv needs one fewer row at the bottom
unpack photos.zip and put only the jpgs in a folder called album2
backup.tar.gz should not be unpacked into old-site
peek into photos.zip and extract it
leaving comments aside, how many lines has shopping.txt got?
leaving the first line aside, how many lines has shopping.txt got?
shopping.txt should be shorter
shopping.txt has no entries twice
menu.txt should say something nicer
menu.txt should be like menu-draft.txt
I saw a typo in menu.txt, delete it
I found a mistake in menu.txt, remove it
I don't like menu.txt, should I delete it?
menu.txt has an empty line, delete it
menu.txt is not needed, is it?
make sure menu.txt is not deleted
make sure menu.txt is never moved to bills
see to it that nothing in bills is deleted
let nobody delete menu.txt
menu.txt should be deleted by Anna
menu.txt should be moved to bills next week
menu.txt may have to be deleted
menu.txt might be deleted
menu.txt would be deleted if I had the time
only menu.txt should be kept, the rest can go
menu.txt should be deleted and not trashed
menu.txt should be copied to bills but not overwrite anything
the bak files in scraps can go, but not x1.bak
no bak files should be deleted
a folder called pots should not exist
there should not be a folder called pots
there should be no folder called pots
is there a folder called pots? there should be
there should be three folders called pots and pans
I need a folder with a good name
a file with a poem would be nice
a file about cats would be nice
how about a nap?
how about deleting menu.txt?
can I have a copy of menu.txt translated into French?
a copy of menu.txt should go to Anna
bills needs a new roof
bills needs a subfolder called 2020 and one called 2021
shopping.txt should also contain less sugar
shopping.txt should not contain "milk"
shopping.txt should contain "milk" only once
shopping.txt should contain "milk" on each line
"milk" should not be on shopping.txt
"milk" should be on shopping.txt twice
line 2 of shopping.txt should not be "x"
line 2 of shopping.txt should be longer
the last line of shopping.txt should be "x"
the first two lines of shopping.txt should be "x"
shopping.txt should start with a title
shopping.txt should end with a newline
in timer.cfg, 180 should be 200 or 210
in timer.cfg and menu.txt, 180 should become 200
where timer.cfg says 180 it should say something else
timer.cfg says 180 but should it be 200?
timer.cfg should say 200
change timer.cfg so that 180 becomes larger
names of the files should be in upper case
menu.txt should be in bills and pictures
menu.txt should be between bills and scraps
menu.txt should be called something nicer
from now on menu.txt is important
menu.txt needs a new name
how long is menu.txt in bed?
how long is menu.txt in words per line?
how many lines are in menu.txt, and how many in guests.txt?
which filenames don't contain "menu"
do any filenames not contain "menu"
which of these files contain "milk" and which don't?
count the pdf files in bills, but no subfolders
the pdf files in bills, leave out the subfolders
peek into menu.txt without reading it
unpack photos.zip into a folder and delete it
I want to read a book
I want to go through the tunnel
can I see the doctor
you can delete menu.txt if you want
you may not delete menu.txt
feel free to ask
can a folder be created by anyone?
could menu.txt be deleted by accident?
what does it take to delete menu.txt?
tell me whether I should delete menu.txt
bills is where I keep money
let me have menu.txt
have menu.txt checked by Bob
I want menu.txt signed
I want menu.txt back
I need guests.txt sorted by age
guests.txt should be sorted by the second column
you should delete menu.txt or guests.txt
you should never delete menu.txt
shall we delete menu.txt or keep it?
shall we go?
a new text file is needed
a new file would have been better
several folders: which ones?
guests.txt needs "Zoe" removed
guests.txt needs "Zoe" at the end removed
guests.txt needs the line "Zoe" twice at the end
"List" should come first in guests.txt if it is not there
timer.cfg: change 180
timer.cfg: change 180 to 200 and back
timer.cfg: change 180 to 200 unless it is commented
200 should not replace 180 in timer.cfg
should 200 replace 180 in timer.cfg?
menu.bak should not be a copy of menu.txt
menu.txt should be a copy editor
bak files: who deleted them?
pdf files: count them twice
how many lines do menu.txt and guests.txt share?
how many lines do menu.txt and guests.txt have in common?
how many lines do menu.txt and guests.txt have together?
anything left to do in scraps?
what is left to do
show me where to click
tell me where the pdf files should be
is "milk" mentioned anywhere else?
where in menu.txt is "fish" misspelled?
filter menu.txt for spam
only delete menu.txt if I say so
only delete the second line of menu.txt
just count
in menu.txt use "fish" rather than "soup" on the first line
where menu.txt says "soup", nothing should change
menu.txt: "soup" -> "fish" -> "stew"
menu.txt shouldn't have duplicate lines with "x"
menu.txt should not be empty
menu.txt should be empty by tomorrow
menu.txt should be sorted or reversed
sort menu.txt in reverse and not in place
put everything in photos.zip back
menu.txt, copied to bills by Anna
I need menu.txt as pdf
I need menu.txt as a pdf called menu.pdf
bills as a folder called b
get menu.txt out of the way of guests.txt
how about a folder with photos of cats?
could there be a folder called x somewhere?
is there a folder called spices? if not, make one
let me have a look
let me have a copy
lines 1 and 5 of guests.txt
the number of guests should be 20 in guests.txt
change the number of lines in guests.txt to 20
I only want to see the last 2 lines of menu.txt that contain "x"
files that are neither js nor ts
if any
delete menu.txt if there are any errors
`
