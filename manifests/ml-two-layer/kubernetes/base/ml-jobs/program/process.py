"""raw/*.csv (x,y in each line) becomes features/all.csv: only lines that are two numbers, each once."""
import storage

rows = set()
for key in storage.objects("raw/"):
    for line in storage.read(key).splitlines():
        try:
            x, y = map(float, line.split(","))
        except ValueError:
            continue
        rows.add((x, y))
storage.write("features/all.csv", "".join(f"{x},{y}\n" for x, y in sorted(rows)))
