/** Whether a file lies in a folder. */
import { realpath } from "node:fs/promises";
import path from "node:path";

/** Whether a file, or what it is a link to, is in a folder; also of a file that does not exist. */
export async function isInside(file: string, folder: string): Promise<boolean> {
  const root = await realpath(folder);
  const places = [path.resolve(file), await placeOf(path.resolve(file))];
  return places.some((place) => place === root || place === folder || isBelow(place, root) || isBelow(place, folder));
}

function isBelow(place: string, folder: string): boolean {
  const way = path.relative(folder, place);
  return way !== "" && way !== ".." && !way.startsWith(`..${path.sep}`) && !path.isAbsolute(way);
}

/** The real place of the nearest folder that exists, and the rest of the path below it. */
async function placeOf(file: string): Promise<string> {
  try {
    return await realpath(file);
  } catch {
    const folder = path.dirname(file);
    return folder === file ? file : path.join(await placeOf(folder), path.basename(file));
  }
}
