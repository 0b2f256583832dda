#!/bin/sh
# Nạp các khoá MÔ PHỎNG vào một token SoftHSM · Imports the DEMONSTRATION keys into a SoftHSM token.
# Debian: apt-get install softhsm2 opensc
# Đổi được bằng biến môi trường · Environment variables that change it: LABEL, PIN, SO_PIN, MODULE
set -eu
cd "$(dirname "$0")"

label=${LABEL:-govgateway-demo}
pin=${PIN:-1234}
so_pin=${SO_PIN:-12345678}
module=${MODULE:-}
for each in /usr/lib/softhsm/libsofthsm2.so /usr/lib/*/softhsm/libsofthsm2.so /usr/lib64/pkcs11/libsofthsm2.so \
    /usr/local/lib/softhsm/libsofthsm2.so /opt/homebrew/lib/softhsm/libsofthsm2.so; do
    if [ -z "$module" ] && [ -e "$each" ]; then module=$each; fi
done
if [ -z "$module" ]; then
    echo "Không tìm thấy libsofthsm2.so; đặt biến MODULE · libsofthsm2.so was not found; set MODULE" >&2
    exit 1
fi
if softhsm2-util --module "$module" --show-slots | grep -q "Label: *$label *\$"; then
    echo "Đã có token $label · There is a token $label already: softhsm2-util --delete-token --token $label" >&2
    exit 1
fi

softhsm2-util --module "$module" --init-token --free --label "$label" --so-pin "$so_pin" --pin "$pin"
while read -r id name; do
    softhsm2-util --module "$module" --import "softhsm/$name.key.pem" --file-pin demo --token "$label" --pin "$pin" \
        --label "$name" --id "$id" </dev/null
    pkcs11-tool --module "$module" --token-label "$label" --login --pin "$pin" \
        --write-object "softhsm/$name.cer" --type cert --label "$name" --id "$id" </dev/null
done <softhsm/objects.txt
echo "Token: $label   PIN: $pin   PKCS#11: $module"
