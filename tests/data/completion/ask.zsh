# Prints what zsh proposes for the line in $LINE, one proposal a line; $SCRIPT is sourced before. zsh
# completes in its line editor only: a second shell on a terminal of its own does that, and notes
# what compadd would show.
zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell "source ${0:a:h}/inner.zsh"
for i in {1..300}; do [[ -e $HOME/ready ]] && break; sleep 0.05; done
zpty -n -w shell "$LINE"$'\t'
for i in {1..100}; do [[ -e $HOME/shown ]] && break; sleep 0.05; done
sleep 0.2
zpty -d shell
sort -u $HOME/shown
