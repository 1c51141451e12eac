/** Whether a code point is a Chinese character (also 〇 and the rare ones of the later planes). */
export function isHan(point: number): boolean {
  return (
    (point >= 0x3400 && point <= 0x9fff) ||
    point === 0x3007 ||
    (point >= 0xf900 && point <= 0xfaff) ||
    (point >= 0x20000 && point <= 0x3ffff)
  );
}
