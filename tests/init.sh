#!/bin/sh
# What `soat init` drafts must be fit for use: for every file of the samples, and for every folder of them
# together, the draft has the canonical layout, lint has nothing to say of it, and the data it came from pass
# it. From the clean cluster it must find again the balances that the cluster's own rules state. The manual's
# example is a block opened by ```data FILE.csv, from which the block opened by ```draft behind it is made.
#
#   tests/init.sh SOAT
set -u

case ${1:-} in
'') echo "usage: $0 SOAT" >&2; exit 2 ;;
/*) soat=$1 ;;
*/*) soat=$PWD/$1 ;;
*) soat=$(command -v "$1") || exit 2 ;;
esac
cd "$(dirname "$0")/.." || exit 2
work=$(mktemp -d "${TMPDIR:-/tmp}/soat-init.XXXXXX") || exit 2
trap 'rm -rf "$work"' EXIT
trap 'exit 2' HUP INT TERM
passed=0 failed=0
draft=$work/draft.soat

# verdict NAME STATUS: counts one test; what it has to say is in $work/why.
verdict() {
    if [ "$2" -eq 0 ]; then
        passed=$((passed + 1))
        echo "ok $1"
    else
        failed=$((failed + 1))
        echo "FAIL $1"
        head -n 40 "$work/why"
    fi
}

# fit FILE...: a draft of them, and what lint and check say of it.
fit() {
    "$soat" init --lang en "$@" >"$draft" 2>"$work/why" &&
        "$soat" fmt --check "$draft" >"$work/why" 2>&1 &&
        "$soat" lint --lang en "$draft" >"$work/why" 2>&1 &&
        "$soat" check --lang en "$draft" "$@" >"$work/why" 2>&1
}

for folder in samples/*/; do
    for file in "$folder"*.csv; do
        fit "$file"
        verdict "$file" $?
    done
    fit "$folder"*.csv
    verdict "${folder}*.csv" $?
done

# Files named like what the language itself reads.
for word in rows targets scores indicators nothing today any not; do
    printf 'k,today,rows,this\na,1,5,x y\nb,2,7,z\n' >"$work/$word.csv"
    fit "$work/$word.csv"
    verdict "a file called $word" $?
done

# found TEXT: the draft has it, however its lines are broken.
found() {
    tr -s ' \n' '  ' <"$draft" | grep -Fq -- "$1" || echo "not found: $1" >>"$work/why"
    [ ! -s "$work/why" ]
}

clean=samples/cluster-2022
fit "$clean"/province_report_*.csv "$clean"/tht_report_*.csv
: >"$work/why"
found 'must tong_so_htx = htx_dau_ky + htx_thanh_lap_moi - htx_giai_the + tang_giam_khac'
verdict 'the balance of cooperatives' $?
: >"$work/why"
found 'must tong_so_htx = htx_nong_nghiep + htx_cn_ttcn + htx_xay_dung + htx_van_tai + htx_tm_dv + htx_linh_vuc_khac + quy_tin_dung_nhan_dan'
verdict 'the sum of the sectors' $?
: >"$work/why"
found 'must htx_dau_ky = previous(tong_so_htx)'
verdict 'the opening of cooperatives' $?
: >"$work/why"
found 'must tong_so_thanh_vien = thanh_vien_dau_ky + thanh_vien_ket_nap_moi - thanh_vien_ra'
verdict 'the balance of members' $?
: >"$work/why"
found 'key ma_don_vi, ky_bao_cao totals ma_don_vi "Tổng cộng"'
verdict 'the key and the totals rows' $?

awk -v work="$work" '
    /^```data / { file = work "/" $2; printf "" > file; next }
    /^```draft$/ { file = work "/expected"; printf "" > file; next }
    /^```/ { file = ""; next }
    file { print > file }' rules/README.md
(cd "$work" && "$soat" init --lang en report.csv | diff expected -) >"$work/why" 2>&1
verdict 'the example of the manual' $?
fit "$clean"/province_report_*.csv "$clean"/tht_report_*.csv

# A draft checks: with the slips in the same files, its balances fail.
"$soat" check -q "$draft" samples/cluster-2022-slips/province_report_*.csv \
    samples/cluster-2022-slips/tht_report_*.csv >"$work/why" 2>&1
[ $? -eq 1 ]
verdict 'the slips fail the draft of the clean files' $?

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
