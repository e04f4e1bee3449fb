# Prints what bash proposes for the line in $LINE, one proposal a line; $SCRIPT is sourced before.
compopt() { :; }
source "$SCRIPT"
read -r -a COMP_WORDS <<< "$LINE"
[[ $LINE == *' ' ]] && COMP_WORDS+=("")
COMP_CWORD=$(( ${#COMP_WORDS[@]} - 1 ))
_wavewright
printf '%s\n' "${COMPREPLY[@]}"
