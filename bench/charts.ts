/** Charts of results as SVG, drawn by echarts without a browser. The same figures give the same bytes. */
import { init, use } from 'echarts/core';
import { BarChart, LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent, TitleComponent } from 'echarts/components';
import { SVGRenderer } from 'echarts/renderers';
import type { EChartsOption } from 'echarts';
import type { Bin } from '../src/cli/eval/metrics.ts';

use([BarChart, LineChart, GridComponent, LegendComponent, TitleComponent, SVGRenderer]);

const WHITE = '#ffffff';
const BASE = { animation: false, backgroundColor: WHITE, textStyle: { fontFamily: 'sans-serif' } };

function svgOf(width: number, height: number, option: EChartsOption): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height });
  try {
    chart.setOption({ ...BASE, ...option });
    return `${chart.renderToSVGString()}\n`;
  } finally {
    chart.dispose();
  }
}

/** A line of a reliability diagram. */
export interface Calibrated {
  readonly name: string;
  readonly bins: readonly Bin[];
}

/** Predictions a bin must hold to be drawn as a point: fewer say nothing. */
const FEWEST = 5;

/**
 * Reliability diagram: above, how often predictions were right against what their scores promised;
 * below, how many of the first contender's predictions had each score.
 */
export function reliabilityChart(title: string, all: readonly Calibrated[]): string {
  const points = (bins: readonly Bin[]) =>
    bins.filter(({ count }) => count >= FEWEST).map(({ promised, right }) => [promised, right]);
  const axis = { type: 'value', min: 0, max: 1, interval: 0.2 } as const;
  return svgOf(480, 560, {
    title: { text: title, left: 'center', textStyle: { fontSize: 15 } },
    legend: { top: 34 },
    grid: [
      { left: 60, right: 24, top: 68, height: 322 },
      { left: 60, right: 24, top: 440, height: 70 },
    ],
    xAxis: [
      { ...axis, gridIndex: 0 },
      { ...axis, gridIndex: 1, name: 'score', nameLocation: 'middle', nameGap: 26 },
    ],
    yAxis: [
      { ...axis, gridIndex: 0, name: 'share right', nameLocation: 'middle', nameGap: 36 },
      { type: 'value', gridIndex: 1, name: 'count', nameLocation: 'middle', nameGap: 36 },
    ],
    series: [
      {
        name: 'perfect',
        type: 'line',
        data: [
          [0, 0],
          [1, 1],
        ],
        symbol: 'none',
        lineStyle: { type: 'dashed', color: '#888888' },
        itemStyle: { color: '#888888' },
      },
      ...all.map(({ name, bins }) => ({
        name,
        type: 'line' as const,
        data: points(bins),
        symbolSize: 6,
      })),
      {
        type: 'bar',
        xAxisIndex: 1,
        yAxisIndex: 1,
        barWidth: 18,
        itemStyle: { color: '#7aa6d8' },
        data: (all[0]?.bins ?? []).map(({ from, to, count }) => [(from + to) / 2, count]),
      },
    ],
  });
}

/** A curve of a time chart: seconds, value. */
export interface Curve {
  readonly name: string;
  readonly points: readonly (readonly [number, number])[];
}

/** Memory in MiB over seconds. */
export function memoryChart(title: string, curves: readonly Curve[]): string {
  return svgOf(720, 420, {
    title: { text: title, left: 'center', textStyle: { fontSize: 15 } },
    legend: { top: 34 },
    grid: { left: 70, right: 24, top: 72, bottom: 50 },
    xAxis: { type: 'value', name: 's', nameLocation: 'middle', nameGap: 28 },
    yAxis: { type: 'value', name: 'RSS, MiB', nameLocation: 'middle', nameGap: 46 },
    series: curves.map(({ name, points }) => ({
      name,
      type: 'line',
      symbol: 'none',
      data: points.map(([x, y]) => [x, y]),
    })),
  });
}
