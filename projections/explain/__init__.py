"""Where a figure comes from: any figure of any report down to lines, events, the ratio they were split by, the last penny."""
