/** Lists of the Batch service, page by page. */
export type Page<T> = readonly T[] & { odatanextLink?: string };

/** A list call answers one page; a page may be empty and still name a next one. */
export async function everyPage<T>(
  first: () => Promise<Page<T>>,
  next: (link: string) => Promise<Page<T>>,
): Promise<T[]> {
  const all: T[] = [];
  let page = await first();
  for (;;) {
    all.push(...page);
    if (page.odatanextLink === undefined || page.odatanextLink === "") return all;
    page = await next(page.odatanextLink);
  }
}
