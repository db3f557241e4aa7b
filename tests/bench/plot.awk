# plot.awk: lines "growth<TAB>what<TAB>how much<TAB>stage<TAB>microseconds" to one SVG with a panel for each "what", both axes
# logarithmic; a straight line with slope 1 is cost in proportion. On stderr: the slopes, of the whole line and of its last half.
# -v note=TEXT  goes below. Plain awk.
BEGIN {
    FS = "\t"; W = 400; H = 300; L = 62; R = 118; T = 34; B = 42; PER_ROW = 2
    split("#0b6e99 #c2410c #4d7c0f #7c3aed #be123c #a16207 #334155", palette, " ")
}
function ten(x) { return log(x) / log(10) }
function words(v) { return v >= 1e6 ? v / 1e6 " M" : v >= 1e3 ? v / 1e3 " k" : v "" }
function time(v) { return v >= 1e6 ? v / 1e6 " s" : v >= 1e3 ? v / 1e3 " ms" : v " µs" }
function slope(k, from,    i, n, sx, sy, sxx, sxy, x, y) {
    for (i = from; i <= points[k]; i++) { x = ten(px[k, i]); y = ten(py[k, i]); n++; sx += x; sy += y; sxx += x * x; sxy += x * y }
    return n < 2 ? 0 : (n * sxy - sx * sy) / (n * sxx - sx * sx)
}
$1 == "growth" && $5 > 0 {
    if (!($2 in panel)) { panel[$2] = ++panels; title[panels] = $2 }
    k = panel[$2] SUBSEP $4
    if (!(k in points)) { stage[panel[$2], ++stages[panel[$2]]] = $4 }
    i = ++points[k]; px[k, i] = $3; py[k, i] = $5
}
END {
    rows = int((panels + PER_ROW - 1) / PER_ROW)
    printf "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"11\">\n", PER_ROW * W, rows * H + 22, PER_ROW * W, rows * H + 22
    print "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>"
    for (p = 1; p <= panels; p++) {
        x0 = 1e99; x1 = 0; y0 = 1e99; y1 = 0
        for (s = 1; s <= stages[p]; s++) {
            k = p SUBSEP stage[p, s]
            for (i = 1; i <= points[k]; i++) {
                if (px[k, i] < x0) x0 = px[k, i]
                if (px[k, i] > x1) x1 = px[k, i]
                if (py[k, i] < y0) y0 = py[k, i]
                if (py[k, i] > y1) y1 = py[k, i]
            }
        }
        lx = ten(x0); hx = ten(x1); ly = int(ten(y0) + 100) - 100; hy = int(ten(y1) + 100.999) - 100
        if (hx == lx) hx = lx + 1
        if (hy == ly) hy = ly + 1
        ox = ((p - 1) % PER_ROW) * W + L; oy = int((p - 1) / PER_ROW) * H + T; w = W - L - R; h = H - T - B
        printf "<text x=\"%d\" y=\"%d\" font-size=\"13\" font-weight=\"bold\" fill=\"#111\">%s</text>\n", ox, oy - 12, title[p]
        for (d = ly; d <= hy; d++) {
            y = oy + h - (d - ly) / (hy - ly) * h
            printf "<line x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\" stroke=\"#ddd\"/><text x=\"%d\" y=\"%.1f\" text-anchor=\"end\" fill=\"#444\">%s</text>\n", ox, y, ox + w, y, ox - 6, y + 4, time(10 ^ d)
        }
        for (d = int(lx); d <= hx + .001; d++) if (d >= lx - .001) {
            x = ox + (d - lx) / (hx - lx) * w
            printf "<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\" stroke=\"#ddd\"/><text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\" fill=\"#444\">%s</text>\n", x, oy, x, oy + h, x, oy + h + 16, words(10 ^ d)
        }
        printf "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"none\" stroke=\"#999\"/>\n", ox, oy, w, h
        # labels at the ends of lines, kept apart
        n = stages[p]
        for (s = 1; s <= n; s++) { k = p SUBSEP stage[p, s]; at[s] = oy + h - (ten(py[k, points[k]]) - ly) / (hy - ly) * h; order[s] = s }
        for (s = 2; s <= n; s++) { o = order[s]; for (j = s - 1; j >= 1 && at[order[j]] > at[o]; j--) order[j + 1] = order[j]; order[j + 1] = o }
        for (s = 1; s <= n; s++) { o = order[s]; place[o] = s > 1 && at[o] < place[order[s - 1]] + 13 ? place[order[s - 1]] + 13 : at[o] }
        for (s = 1; s <= n; s++) {
            k = p SUBSEP stage[p, s]; colour = stage[p, s] ~ /^all/ ? "#111111" : palette[(s - 1) % 7 + 1]
            printf "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"%s\" points=\"", colour, stage[p, s] ~ /^all/ ? "2" : "1.4"
            for (i = 1; i <= points[k]; i++) printf "%.1f,%.1f ", ox + (ten(px[k, i]) - lx) / (hx - lx) * w, oy + h - (ten(py[k, i]) - ly) / (hy - ly) * h
            all = slope(k, 1); last = slope(k, int((points[k] + 1) / 2))
            printf "\"/>\n<text x=\"%d\" y=\"%.1f\" fill=\"%s\">%s, %.2f</text>\n", ox + w + 6, place[s] + 4, colour, stage[p, s], all
            printf "%-26s %-16s slope %5.2f, last half %5.2f\n", title[p], stage[p, s], all, last > "/dev/stderr"
        }
    }
    printf "<text x=\"%d\" y=\"%d\" fill=\"#444\">%s</text>\n</svg>\n", 14, rows * H + 12, note
}
