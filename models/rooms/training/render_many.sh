#!/bin/sh
# Renders training rooms without end, so that a training on a machine of many cores sees ever new ones:
#   sh render_many.sh OUT WORKERS FIRST     (from index FIRST on, in chunks of 1,000; stop it when enough)
# PYTHON names the interpreter.
out=$1 workers=$2 first=$3 worker=0 python=${PYTHON:-python}
"$python" -c "import renderer.caster" || exit # compiles it once, before all need it
while [ "$worker" -lt "$workers" ]; do
	(
		start=$((first + 1000 * worker))
		while "$python" render_rooms.py "$out" "$start" 1000 --suffix "_$start" >/dev/null; do
			start=$((start + 1000 * workers))
		done
	) &
	worker=$((worker + 1))
done
wait
