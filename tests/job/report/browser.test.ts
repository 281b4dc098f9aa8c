/** report.html as a person uses it, from a folder: with pictures beside it and without, by mouse and by keyboard, ten thousand at once. */
import { once } from "node:events";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { PlannedImage } from "../../../infra/job/collect";
import { reportPage } from "../../../infra/job/report/page";
import { type Browser, chromium, openBrowser } from "../../support/chromium";
import { project } from "../../support/command";
import { eventually } from "../../support/eventually";
import { box, detection, done, doneLine, failed, reportOf, task, type Given } from "./fixtures";

const attack = `"><img src=x onerror=window.harmed=1></script><script>window.harmed=1</script>.jpg`;
/** A blob's name may hold what a file's name may not. */
const hostile = `<img src=x onerror=window.harmed=1>.jpg`;

const names = ["cam-1/a.jpg", "cam-1/b.jpg", hostile, "cam-2/c 100% #1?.jpg"];
const few: PlannedImage[] = [
  done(names[0]!, [detection("dog", 0.9), detection("cat", 0.4)], `annotated/${names[0]}`),
  done(names[1]!, [detection("cat", 0.8, box(300, 200, 500, 400))], `annotated/${names[1]}`),
  done(names[2]!, [], `annotated/${names[2]}`),
  done(names[3]!, [detection(attack, 0.6)], `annotated/${names[3]}`),
  done("none.jpg", [detection("dog", 0.95)]),
  failed(attack, "truncated", attack),
];
const before = [doneLine(names[1]!, [detection("dog")])];

if (chromium === undefined) {
  console.warn("Chromium is not installed: nobody looked at the report.");
  it.skip("the report in Chromium, which is not installed", () => undefined);
} else
  describe("the report in a browser", () => {
    let browser: Browser;
    let folder: string;
    beforeAll(async () => {
      browser = await openBrowser(chromium!);
      await browser.resize(1200);
      folder = mkdtempSync(join(tmpdir(), "detect-report-"));
    }, 60_000);
    afterAll(async () => {
      await browser.close();
      rmSync(folder, { recursive: true, force: true });
    }, 60_000);

    async function open(given: Given, pictures: readonly string[]): Promise<void> {
      const own = mkdtempSync(join(folder, "run-"));
      for (const name of pictures) {
        mkdirSync(join(own, "annotated", name, ".."), { recursive: true });
        copyFileSync(join(project, "assets/images/street-01.jpg"), join(own, "annotated", name));
      }
      const page = join(own, "report.html");
      writeFileSync(page, reportPage(reportOf(given), new Map(), { toRoot: "", index: null }));
      await browser.open(pathToFileURL(page).href);
    }
    const evaluate = <T>(expression: string): Promise<T> => browser.evaluate<T>(expression);
    const textOf = (selector: string): Promise<string> =>
      evaluate(`document.querySelector(${JSON.stringify(selector)}).innerText`);
    const cards = (): Promise<string[]> =>
      evaluate(`[...document.querySelectorAll(".picture")].map((card) => card.title.split("\\n")[0])`);
    const type = (id: string, value: string): Promise<void> =>
      evaluate(
        `{ const field = document.getElementById("${id}"); field.value = ${JSON.stringify(value)}; field.dispatchEvent(new Event("input")); }`,
      );
    const click = (selector: string): Promise<void> =>
      evaluate(`document.querySelector(${JSON.stringify(selector)}).click()`);
    const loaded = (selector: string, count: number): Promise<unknown> =>
      eventually(`${count} pictures in ${selector}`, () =>
        evaluate(
          `[...document.querySelectorAll(${JSON.stringify(`${selector} img`)})].filter((each) => each.naturalWidth > 0).length === ${count}`,
        ),
      );

    it("shows the pictures that lie beside it, whatever they are called, and runs no name", async () => {
      await open({ images: few, before, tasks: [task("t", attack, 0, 9)], problems: [attack] }, names);

      await loaded("#grid", 4);
      expect(await cards()).toEqual([...names, "none.jpg"]);
      expect(await evaluate("document.querySelectorAll('#grid svg .box').length")).toBe(1);
      await click(`[title^="${names[3]}"]`);
      expect(await textOf("#full-list")).toContain(attack);
      expect(await textOf(".failures")).toContain(attack);
      expect(await evaluate("typeof window.harmed")).toBe("undefined");
      expect(await evaluate("document.querySelectorAll('[onerror]').length")).toBe(0);
      expect(await evaluate("document.getElementById('notice').hidden")).toBe(true);
      expect(browser.complaints).toEqual([]);
    });

    it("filters by name, class, confidence, and what is other than before; and shows all again", async () => {
      await open({ images: few, before }, names);

      await type("text", "CAM-1/");
      expect(await cards()).toEqual([names[0], names[1]]);
      await click('[data-class][title^="dog"]');
      expect(await cards()).toEqual([names[0]]);
      expect(await textOf("#shown")).toBe("1 of 5 pictures · dog");
      await click("#clear");
      expect(await cards()).toHaveLength(5);
      await type("from", "0.7");
      expect(await cards()).toEqual([names[0], names[1], "none.jpg"]);
      // A class and a confidence are of one detection.
      await click('[data-class][title^="cat"]');
      expect(await cards()).toEqual([names[1]]);
      await click("#clear");
      await click('.column[data-from="0.6"]');
      expect(await cards()).toEqual([names[3]]);
      await click("#clear");
      await type("show", "empty");
      expect(await cards()).toEqual([hostile]);
      await click('[data-show="lost"]');
      expect(await cards()).toEqual([names[1]]);
    });

    it("goes through the pictures that are shown by the keyboard alone", async () => {
      await open({ images: few }, names);
      const position = () => textOf("#full-position");
      const focused = (): Promise<string> => evaluate("document.activeElement.title.split('\\n')[0]");

      await browser.press("/");
      expect(await evaluate("document.activeElement.id")).toBe("text");
      await type("text", ".jpg");
      for (let tabs = 0; (await focused()) !== names[0]; tabs += 1) {
        if (tabs > 20) throw new Error("no way leads to the first picture");
        await browser.press("Tab");
      }
      await browser.press("ArrowRight");
      expect(await focused()).toBe(names[1]);
      await browser.press("Enter");
      expect(await textOf("#full-name")).toBe(names[1]);
      await browser.press("ArrowLeft");
      await browser.press("ArrowLeft");
      expect(await position()).toBe("1 of 5");
      for (let steps = 0; steps < 9; steps += 1) await browser.press("ArrowRight");
      expect(await position()).toBe("5 of 5");
      expect(await textOf("#full-facts")).toContain("the boxes alone");
      await browser.press("Escape");
      await eventually("the focus to come back", async () => (await focused()) === "none.jpg");
      expect(await evaluate("document.querySelector('dialog').open")).toBe(false);
    });

    it("draws the boxes where it has no pictures, and says why and what to do, once", async () => {
      await open({ images: few }, []);

      await eventually("all boxes to be drawn", () =>
        evaluate("document.querySelectorAll('#grid svg').length === 5"),
      );
      const notice = await textOf("#notice");
      expect(notice.match(/npm run job -- results --job detect-/g)).toHaveLength(1);
      expect(notice).toContain(folder);
      const drawn = `document.querySelectorAll("#grid svg")[1]`;
      expect(await evaluate(`${drawn}.getAttribute("viewBox")`)).toBe("0 0 640 480");
      expect(
        await evaluate(
          `["x", "y", "width", "height"].map((name) => ${drawn}.querySelector(".box").getAttribute(name))`,
        ),
      ).toEqual(["300", "200", "200", "200"]);
    });

    it("finds the pictures where a container has them, and says of one that is refused that a browser cannot sign in", async () => {
      const page = reportPage(reportOf({ images: few }), new Map(), {
        toRoot: "../../",
        index: "../../report/index.html",
      });
      const asked: string[] = [];
      const server = createServer((request, response) => {
        const path = decodeURIComponent(request.url ?? "");
        asked.push(path);
        if (path === "/output/runs/x/report.html")
          response.setHeader("content-type", "text/html; charset=utf-8").end(page);
        else if (path === `/output/annotated/${names[0]}`)
          response.end(readFileSync(join(project, "assets/images/street-01.jpg")));
        else response.writeHead(409).end();
      });
      await once(server.listen(0, "127.0.0.1"), "listening");
      const { port } = server.address() as AddressInfo;

      await browser.open(`http://127.0.0.1:${port}/output/runs/x/report.html`);

      await loaded("#grid", 1);
      await eventually("the notice", async () => (await textOf("#notice")).includes("cannot sign in"));
      const wanted = names.map((name) => `/output/annotated/${name}`);
      expect(asked.filter((path) => path.includes("annotated")).sort()).toEqual(wanted.sort());
      await browser.open("about:blank");
      await new Promise((resolve) => server.close(resolve));
    });

    it("is light or dark as the reader prefers", async () => {
      await open({ images: few }, []);
      const background = (): Promise<string> => evaluate("getComputedStyle(document.body).backgroundColor");

      await browser.screenshot({ dark: false });
      const light = await background();
      await browser.screenshot({ dark: true });

      expect(light).toBe("rgb(246, 247, 249)");
      expect(await background()).toBe("rgb(15, 20, 26)");
    });

    it("holds a screenful of ten thousand pictures in the document, wherever the reader is", async () => {
      const images = Array.from({ length: 10_000 }, (_, index) =>
        done(`p${String(index).padStart(5, "0")}.jpg`, [detection("dog", (index % 100) / 100)]),
      );
      await open({ images }, []);
      const elements = (): Promise<number> => evaluate("document.querySelectorAll('*').length");

      expect(await textOf("#shown")).toBe("10,000 pictures");
      expect(await elements()).toBeLessThan(1_000);
      await evaluate("scrollTo(0, document.getElementById('grid').offsetHeight / 2)");
      await eventually("the middle to show", async () =>
        (await cards()).some((name) => name.startsWith("p05")),
      );
      expect(await elements()).toBeLessThan(1_000);
      await click(".picture");
      await evaluate(`document.dispatchEvent(new KeyboardEvent("keydown", { key: "End" }))`);
      expect(await textOf("#full-position")).toBe("10,000 of 10,000");
      await browser.press("Escape");
      await eventually("the focus to come back to the last", () =>
        evaluate("document.activeElement.title.startsWith('p09999.jpg')"),
      );
      await type("text", "p00123");
      expect(await cards()).toEqual(["p00123.jpg"]);
      expect(browser.complaints).toEqual([]);
    });

    it("fits a phone's width", async () => {
      await browser.resize(360);
      await open(
        { images: few, before, tasks: [task("t", "node", 0, 9)], problems: ["x".repeat(300)] },
        names,
      );

      expect(await evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(360);
      await browser.resize(1200);
    });
  });
