(function () {
  'use strict';
  var curves = JSON.parse(document.getElementById('curves').textContent);
  var dark = window.matchMedia('(prefers-color-scheme: dark)');
  var charts = [];

  // What each chart shows: name of the curve, legend, colour, and whether the line is dashed.
  var kinds = {
    rates: [['accepted', 'accepted', 'accepted'], ['replayed', 'told again', 'replayed'], ['refused', 'refused', 'refused'],
      ['unknown', 'unknown', 'unknown'], ['errors', 'errors', 'errors'], ['shown', 'pages shown', 'shown'],
      ['stored', 'stored (MySQL)', 'stored']],
    latency: [['acceptedP99', 'accepted p99', 'accepted'], ['acceptedP50', 'accepted p50', 'accepted', true],
      ['refusedP99', 'refused p99', 'refused'], ['refusedP50', 'refused p50', 'refused', true],
      ['shownP99', 'pages p99', 'shown']],
    stock: [['left', 'units left', 'stored']],
    queue: [['waiting', 'orders accepted, not yet stored', 'accepted'], ['queued', 'messages in RabbitMQ', 'unknown']]
  };

  function colour(name) {
    return getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim();
  }

  function dataset(data, line) {
    var values = data[line[0]];
    return {
      label: line[1],
      data: data.seconds.map(function (second, i) {
        return {x: second, y: i < values.length ? values[i] : null};
      }),
      borderColor: colour(line[2]),
      backgroundColor: colour(line[2]),
      borderDash: line[3] ? [5, 4] : [],
      borderWidth: line[3] ? 1.5 : 2,
      fill: false, lineTension: 0, spanGaps: true, pointRadius: 0, pointHitRadius: 8
    };
  }

  function number(value) {
    return value.toLocaleString('en');
  }

  // The last tick is the end of the data, which may stand in the way of the one before.
  function second(value, i, all) {
    var crowded = i > 1 && i === all.length - 1 && all[i] - all[i - 1] < 0.7 * (all[1] - all[0]);
    return crowded ? '' : Math.round(value * 10) / 10 + ' s';
  }

  function draw(canvas) {
    var data = curves[canvas.dataset.scenario];
    var lines = kinds[canvas.dataset.kind].filter(function (line) {
      return data[line[0]].some(function (value) { return value !== null; });
    });
    var quiet = colour('quiet');
    var grid = {color: colour('line'), zeroLineColor: colour('line'), drawBorder: false};
    return new Chart(canvas, {
      type: 'line',
      data: {datasets: lines.map(function (line) { return dataset(data, line); })},
      options: {
        animation: {duration: 0}, responsive: true, maintainAspectRatio: false,
        legend: {position: 'bottom', labels: {boxWidth: 12, fontColor: quiet}},
        tooltips: {mode: 'index', intersect: false, callbacks: {
          title: function (items) { return items[0].xLabel + ' s'; },
          label: function (item, all) { return all.datasets[item.datasetIndex].label + ': ' + number(item.yLabel); }
        }},
        scales: {
          xAxes: [{type: 'linear', gridLines: {display: false}, ticks: {fontColor: quiet, min: 0,
            max: data.seconds[data.seconds.length - 1], maxTicksLimit: 9,
            callback: second}}],
          yAxes: [{gridLines: grid, ticks: {fontColor: quiet, beginAtZero: true, maxTicksLimit: 6, callback: number}}]
        }
      }
    });
  }

  function drawAll() {
    charts.forEach(function (chart) { chart.destroy(); });
    charts = Array.prototype.map.call(document.querySelectorAll('canvas'), draw);
  }

  drawAll();
  if (dark.addEventListener) {
    dark.addEventListener('change', drawAll);
  }
})();
