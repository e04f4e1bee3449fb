# Prints what fish proposes for the line in $LINE, one proposal a line; $SCRIPT is sourced before.
source $SCRIPT
complete -C "$LINE" | string replace -r '\t.*' ''
