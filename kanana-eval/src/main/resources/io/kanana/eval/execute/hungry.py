import os
import time

# no single process has too much; all together have
for _ in range(5):
    if os.fork() == 0:
        block = bytearray(48 << 20)
        for at in range(0, len(block), 4096):
            block[at] = 1
        time.sleep(1000)
time.sleep(1000)
