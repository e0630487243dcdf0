PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE alert (
        origin TEXT NOT NULL,
        kind TEXT NOT NULL,
        number INTEGER NOT NULL,
        since INTEGER,
        told_at INTEGER NOT NULL,
        body TEXT NOT NULL,
        PRIMARY KEY (origin, kind)
    );
INSERT INTO "alert" VALUES('','stuck',2,1772446560000,1772453880000,'{"text":"1 registration is stuck, 2 in all\nSHOP bbf83318-4be0-48ea-9bb5-f30cc31948fd: the ERP refused the registration: error: no such country","alert":{"kind":"stuck","change":"more","number":2,"since":"2026-03-02T10:16:00Z","at":"2026-03-02T12:18:00Z","stuck":2,"registrations":[{"origin":"SHOP","user_key":"bbf83318-4be0-48ea-9bb5-f30cc31948fd","reason":"the ERP refused the registration: error: no such country"}]}}');
INSERT INTO "alert" VALUES('','erp',1,1772453880000,1772453880000,'{"text":"The ERP refuses or does not answer: the ERP gave no answer: no answer in time","alert":{"kind":"erp","change":"began","number":1,"since":"2026-03-02T12:18:00Z","at":"2026-03-02T12:18:00Z"}}');
CREATE TABLE counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL);
INSERT INTO "counter" VALUES('change',45);
CREATE TABLE inbox (
        id TEXT PRIMARY KEY,
        print TEXT NOT NULL,
        actor TEXT NOT NULL,
        body TEXT NOT NULL,
        received_at INTEGER NOT NULL,
        outcome TEXT
    , origin TEXT, user_key TEXT);
INSERT INTO "inbox" VALUES('m1','bc1800aa31f44725ebb3362509bb72e8','ERP','{"data":{"activate":true,"addresses":[{"city":"Kortrijk","country":"BE","default_delivery":true,"default_invoice":true,"delivery":true,"house_number":"276","house_number_addition":null,"invoice":true,"key":"C-1-1","name":"Belfort Interieur SA","phone":"+32 2 000 0001","street":"Rue de l''Exemple","zip":"7073"}],"customer":{"code":"1","key":"C-1","name":"Belfort Interieur SA","price_lists":["PL-STD"],"vat_numbers":["BE0000000001"]},"existing":false,"mail":true,"origin":"SHOP","revision":1,"user_key":"bf08119f-05cd-46d6-99a3-7d5757aaf520"},"timestamp":"2026-03-02T09:15:00Z","type":"customer.approved"}',1772442900000,'followed','SHOP','bf08119f-05cd-46d6-99a3-7d5757aaf520');
INSERT INTO "inbox" VALUES('m2','43bc13aa020e53f82299d20f67287d8e','ERP','{"data":{"activate":true,"addresses":[{"city":"Breda","country":"NL","default_delivery":true,"default_invoice":true,"delivery":true,"house_number":"231","house_number_addition":null,"invoice":true,"key":"C-2-1","name":"Vuurtoren Gereedschap B.V.","phone":"020-0000001","street":"Dorpsstraat","zip":"1539 DH"}],"customer":{"code":"2","key":"C-2","name":"Vuurtoren Gereedschap B.V.","price_lists":["PL-STD"],"vat_numbers":["NL000000001B00"]},"existing":false,"mail":true,"origin":"SHOP","revision":1,"user_key":"97299fca-e720-4345-af47-184b86186fa4"},"timestamp":"2026-03-02T09:15:00Z","type":"customer.approved"}',1772442900000,'followed','SHOP','97299fca-e720-4345-af47-184b86186fa4');
INSERT INTO "inbox" VALUES('m6','e12fcd1ba4d888a2fd33c6cc9ab703ee','ERP','',1772442900000,'followed','SHOP','65033a4e-ee50-4049-928a-e2d5697640d6');
INSERT INTO "inbox" VALUES('m3','6634a44ed4531c00fee5aaade6177627','ERP','{"data":{"origin":"SHOP","reason":"unknown company","user_key":"85fea5c9-0363-4221-bca3-c79508f41507"},"timestamp":"2026-03-02T09:15:00Z","type":"registration.rejected"}',1772442900000,'followed','SHOP','85fea5c9-0363-4221-bca3-c79508f41507');
INSERT INTO "inbox" VALUES('m5','5cbdf2cbb0efbc11d879758e5f219b91','ERP','{"data":{"activate":true,"addresses":[{"city":"Gent","country":"BE","default_delivery":true,"default_invoice":true,"delivery":true,"house_number":"193","house_number_addition":null,"invoice":true,"key":"C-7-1","name":"De Schelde Outillage BV","phone":"+32 2 000 0001","street":"Rue de l''Exemple","zip":"4833"}],"customer":{"code":"7","key":"C-7","name":"De Schelde Outillage BV","price_lists":["PL-STD"],"vat_numbers":["BE0000000001"]},"existing":false,"mail":true,"origin":"SHOP","revision":1,"user_key":"57efaedd-9f6c-4fb3-ab9e-0ef9dccfe649"},"timestamp":"2026-03-02T09:15:00Z","type":"customer.approved"}',1772442900000,'followed','SHOP','57efaedd-9f6c-4fb3-ab9e-0ef9dccfe649');
INSERT INTO "inbox" VALUES('m7','9808ab36a685634bb30c3aad349c5b80','ERP','{"data":{"activate":true,"addresses":[],"customer":{"code":"8","key":"C-8","name":"Voorbeeld 8 B.V.","price_lists":["PL-STD"],"vat_numbers":[]},"existing":false,"mail":true,"origin":"SHOP","user_key":"28065aa8-f428-48bb-96e9-453ed54a88ba"},"timestamp":"2026-03-02T12:18:00Z","type":"customer.approved"}',1772453880000,'followed','SHOP','28065aa8-f428-48bb-96e9-453ed54a88ba');
INSERT INTO "inbox" VALUES('u2','8619fec5c7ac04bb1e02d7b6b698db8b','ERP','{"data":{"activate":true,"addresses":[],"customer":{"code":"2","key":"C-2","name":"Nieuwe naam","price_lists":["PL-STD"],"vat_numbers":[]},"existing":false,"mail":true,"origin":"SHOP","user_key":"97299fca-e720-4345-af47-184b86186fa4"},"timestamp":"2026-03-02T12:18:00Z","type":"customer.updated"}',1772453880000,'followed','SHOP','97299fca-e720-4345-af47-184b86186fa4');
INSERT INTO "inbox" VALUES('m9','541331b62e4dd24a262ab8fd68d7e55f','ERP','{"data":{"activate":true,"addresses":[{"city":"Groningen","country":"NL","default_delivery":true,"default_invoice":true,"delivery":true,"house_number":"53","house_number_addition":null,"invoice":true,"key":"C-9-1","name":"Vuurtoren Horeca B.V.","phone":"020-0000001","street":"Dorpsstraat","zip":"1511 KL"}],"customer":{"code":"9","key":"C-9","name":"Vuurtoren Horeca B.V.","price_lists":["PL-STD"],"vat_numbers":["NL000000001B00"]},"existing":false,"mail":true,"origin":"SHOP","revision":1,"user_key":"a46adeb1-4080-4f4a-b538-82542839ed9e"},"timestamp":"2026-03-02T12:18:00Z","type":"customer.approved"}',1772453880000,'followed','SHOP','a46adeb1-4080-4f4a-b538-82542839ed9e');
INSERT INTO "inbox" VALUES('m8','edb10ba0363758a7e047c96aacffc8d8','ERP','{"data":{"origin":"SHOP","reason":"unknown company","user_key":"85fea5c9-0363-4221-bca3-c79508f41507"},"timestamp":"2026-03-02T03:18:00Z","type":"registration.rejected"}',1772453880000,NULL,'SHOP','85fea5c9-0363-4221-bca3-c79508f41507');
CREATE TABLE lease (
        name TEXT PRIMARY KEY,
        token TEXT NOT NULL,
        until INTEGER NOT NULL
    );
INSERT INTO "lease" VALUES('tick','claim',1772453920000);
CREATE TABLE outgoing (
        receiver TEXT NOT NULL,
        origin TEXT NOT NULL,
        topic TEXT NOT NULL,
        number INTEGER NOT NULL,
        kind TEXT NOT NULL,
        body TEXT NOT NULL,
        at INTEGER NOT NULL,
        due_at INTEGER,
        attempts INTEGER NOT NULL,
        failing_since INTEGER,
        result TEXT,
        note TEXT,
        PRIMARY KEY (receiver, origin, topic, number)
    );
INSERT INTO "outgoing" VALUES('erp','SHOP','bf08119f-05cd-46d6-99a3-7d5757aaf520',8,'registration.linked','{"type":"registration.linked","timestamp":"2026-03-02T09:15:00.000Z","data":{"origin":"SHOP","user_key":"bf08119f-05cd-46d6-99a3-7d5757aaf520","revision":1,"decision_id":"m1","customer_keys":["C-1"],"mail":"confirmed"}}',1772442900000,NULL,0,NULL,'told',NULL);
INSERT INTO "outgoing" VALUES('erp','SHOP','97299fca-e720-4345-af47-184b86186fa4',8,'registration.linked','{"type":"registration.linked","timestamp":"2026-03-02T09:15:00.000Z","data":{"origin":"SHOP","user_key":"97299fca-e720-4345-af47-184b86186fa4","revision":1,"decision_id":"m2","customer_keys":["C-2"],"mail":"confirmed"}}',1772442900000,NULL,0,NULL,'told',NULL);
INSERT INTO "outgoing" VALUES('erp','SHOP','65033a4e-ee50-4049-928a-e2d5697640d6',8,'registration.linked','{"type":"registration.linked","timestamp":"2026-03-02T09:15:00.000Z","data":{"origin":"SHOP","user_key":"65033a4e-ee50-4049-928a-e2d5697640d6","revision":1,"decision_id":"m6","customer_keys":["C-6"],"mail":"confirmed"}}',1772442900000,NULL,0,NULL,'told',NULL);
INSERT INTO "outgoing" VALUES('erp','SHOP','57efaedd-9f6c-4fb3-ab9e-0ef9dccfe649',5,'registration.stuck','{"type":"registration.stuck","timestamp":"2026-03-02T09:15:00.000Z","data":{"origin":"SHOP","user_key":"57efaedd-9f6c-4fb3-ab9e-0ef9dccfe649","revision":1,"decision_id":"m5","customer_keys":[],"reason":"customer C-7 exists in the shop already, and is not overwritten: approve with existing: true to link it"}}',1772442900000,NULL,0,NULL,'told',NULL);
INSERT INTO "outgoing" VALUES('erp','SHOP','97299fca-e720-4345-af47-184b86186fa4',9,'registration.activated','{"type":"registration.activated","timestamp":"2026-03-02T10:16:00.000Z","data":{"origin":"SHOP","user_key":"97299fca-e720-4345-af47-184b86186fa4","revision":1,"decision_id":"m2","customer_keys":["C-2"],"mail":"confirmed"}}',1772446560000,NULL,0,NULL,'told',NULL);
INSERT INTO "outgoing" VALUES('erp','SHOP','65033a4e-ee50-4049-928a-e2d5697640d6',9,'registration.activated','{"type":"registration.activated","timestamp":"2026-03-02T10:16:00.000Z","data":{"origin":"SHOP","user_key":"65033a4e-ee50-4049-928a-e2d5697640d6","revision":1,"decision_id":"m6","customer_keys":["C-6"],"mail":"confirmed"}}',1772446560000,NULL,0,NULL,'told',NULL);
INSERT INTO "outgoing" VALUES('alert','','stuck',1,'alert','{"text":"1 registration is stuck\nSHOP 57efaedd-9f6c-4fb3-ab9e-0ef9dccfe649: customer C-7 exists in the shop already, and is not overwritten: approve with existing: true to link it","alert":{"kind":"stuck","change":"began","number":1,"since":"2026-03-02T10:16:00Z","at":"2026-03-02T10:16:00Z","stuck":1,"registrations":[{"origin":"SHOP","user_key":"57efaedd-9f6c-4fb3-ab9e-0ef9dccfe649","reason":"customer C-7 exists in the shop already, and is not overwritten: approve with existing: true to link it"}]}}',1772446560000,NULL,0,NULL,'told',NULL);
INSERT INTO "outgoing" VALUES('alert','','stuck',2,'alert','{"text":"1 registration is stuck, 2 in all\nSHOP bbf83318-4be0-48ea-9bb5-f30cc31948fd: the ERP refused the registration: error: no such country","alert":{"kind":"stuck","change":"more","number":2,"since":"2026-03-02T10:16:00Z","at":"2026-03-02T12:18:00Z","stuck":2,"registrations":[{"origin":"SHOP","user_key":"bbf83318-4be0-48ea-9bb5-f30cc31948fd","reason":"the ERP refused the registration: error: no such country"}]}}',1772453880000,NULL,0,NULL,'told',NULL);
INSERT INTO "outgoing" VALUES('alert','','erp',1,'alert','{"text":"The ERP refuses or does not answer: the ERP gave no answer: no answer in time","alert":{"kind":"erp","change":"began","number":1,"since":"2026-03-02T12:18:00Z","at":"2026-03-02T12:18:00Z"}}',1772453880000,NULL,0,NULL,'told',NULL);
INSERT INTO "outgoing" VALUES('erp','SHOP','a46adeb1-4080-4f4a-b538-82542839ed9e',11,'registration.linked','{"type":"registration.linked","timestamp":"2026-03-02T12:18:00.000Z","data":{"origin":"SHOP","user_key":"a46adeb1-4080-4f4a-b538-82542839ed9e","revision":1,"decision_id":"m9","customer_keys":["C-9"],"mail":"confirmed"}}',1772453880000,1772453880000,0,NULL,NULL,NULL);
CREATE TABLE party (
        origin TEXT NOT NULL,
        kind TEXT NOT NULL,
        key TEXT NOT NULL,
        user_key TEXT NOT NULL,
        print TEXT NOT NULL,
        confirmed INTEGER NOT NULL, decided_at INTEGER,
        PRIMARY KEY (origin, kind, key)
    );
INSERT INTO "party" VALUES('SHOP','customer','C-1','bf08119f-05cd-46d6-99a3-7d5757aaf520','6b6383de7972e7f1cbf7295baf0a47e3',1,1772442900000);
INSERT INTO "party" VALUES('SHOP','address','C-1-1','bf08119f-05cd-46d6-99a3-7d5757aaf520','04a95f679c821ae98894b3fd6886682f',1,1772442900000);
INSERT INTO "party" VALUES('SHOP','customer','C-2','97299fca-e720-4345-af47-184b86186fa4','869feabd56c9e0740a3d5929782aa815',1,1772442900000);
INSERT INTO "party" VALUES('SHOP','address','C-2-1','97299fca-e720-4345-af47-184b86186fa4','7b24acf9d22c2efde8290d3c4e221ab8',1,1772442900000);
INSERT INTO "party" VALUES('SHOP','customer','C-6','65033a4e-ee50-4049-928a-e2d5697640d6','',1,1772442900000);
INSERT INTO "party" VALUES('SHOP','address','C-6-1','65033a4e-ee50-4049-928a-e2d5697640d6','',1,1772442900000);
INSERT INTO "party" VALUES('SHOP','customer','C-8','28065aa8-f428-48bb-96e9-453ed54a88ba','e2c783cc70c795d81c9b94864c7ad791',0,1772453880000);
INSERT INTO "party" VALUES('SHOP','customer','C-9','a46adeb1-4080-4f4a-b538-82542839ed9e','dcea300bb509d9c67ed7eaf869809030',1,1772453880000);
INSERT INTO "party" VALUES('SHOP','address','C-9-1','a46adeb1-4080-4f4a-b538-82542839ed9e','d7e8bf9b0dd57a633af8411895a8d177',1,1772453880000);
CREATE TABLE rate (
        caller TEXT PRIMARY KEY,
        minute INTEGER NOT NULL,
        requests INTEGER NOT NULL
    );
INSERT INTO "rate" VALUES('signer',29540898,1);
CREATE TABLE registration (
        origin TEXT NOT NULL,
        user_key TEXT NOT NULL,
        version INTEGER NOT NULL,
        state TEXT NOT NULL,
        revision INTEGER NOT NULL,
        told INTEGER NOT NULL,
        row_print TEXT,
        data_print TEXT,
        message TEXT,
        decision_id TEXT,
        decided_at INTEGER,
        link TEXT,
        reason TEXT,
        attempts INTEGER NOT NULL,
        due_at INTEGER,
        checked_at INTEGER NOT NULL,
        missing_since INTEGER,
        first_seen INTEGER NOT NULL,
        claim_token TEXT,
        claim_until INTEGER,
        changed_at INTEGER NOT NULL,
        event TEXT,
        event_actor TEXT,
        event_note TEXT,
        listed INTEGER NOT NULL,
        looked_for INTEGER, failing_since INTEGER, change INTEGER, shown_at INTEGER, outcome_kind TEXT, outcome_body TEXT, tombstone TEXT, listed_print TEXT, words TEXT, company TEXT NOT NULL DEFAULT '', findable_as INTEGER, active_since INTEGER,
        PRIMARY KEY (origin, user_key)
    );
INSERT INTO "registration" VALUES('SHOP','bf424132-963f-408d-8fc5-d07f6f03c29b',6,'announced',1,1,'ccbcabe945af5422c165bd6757b341a4','10ecb1b4844af776ec7663c8bc9ab830','{"type":"registration.created","timestamp":"2026-03-02T09:15:00Z","data":{"revision":1,"origin":"SHOP","user_key":"bf424132-963f-408d-8fc5-d07f6f03c29b","registered_at":"2026-03-02T10:15:00.000000","time_zone":"Europe/Amsterdam","person":{"first_name":"Liesbeth","last_name":"Claes","email":"liesbeth.claes.1@zilverberk-techniek-srl.example","phone":"+32 2 000 0001","mobile":null,"gender":"female","language":"nl_BE"},"company":{"name":"Zilverberk Techniek SRL","vat":"BE0000000001","coc":"0000000001","web":"https://www.zilverberk-techniek-srl.example","account_code":null,"phone":"02 000 0001"},"invoice_address":{"name":"Zilverberk Techniek SRL","attention":"Liesbeth Claes","street":"Steenweg op Mechelen","street2":null,"house_number":"29","house_number_addition":"A","zip":"4551","city":"Antwerpen","country":"BE","phone":"02 000 0001"},"delivery_address":null,"profiles":[{"account_code":"","addition":"A","attention":"Liesbeth Claes","city":"Antwerpen","coc":"0000000001","company_telephone_number":"02 000 0001","country":"BE","create_date":"2026-03-02T10:15:00.000000","delivery":true,"delivery_addition":"","delivery_attention":"","delivery_city":"","delivery_country":"BE","delivery_house_number":"","delivery_name":"","delivery_street1":"","delivery_street2":"","delivery_subdivision":null,"delivery_telephone_number":"","delivery_zip":"","department":"","house_number":"29","id":1002,"industry":null,"modified_date":null,"name":"Zilverberk Techniek SRL","street1":"Steenweg op Mechelen","street2":"","subdivision":null,"user":1001,"vat":"BE0000000001","web":"https://www.zilverberk-techniek-srl.example","zip":"4551"}]}}',NULL,NULL,NULL,NULL,0,1772453880000,1772453880000,NULL,1772442900000,'claim',1772453940000,1772453880000,NULL,NULL,NULL,1772453880000,NULL,NULL,2,1772442900000,NULL,NULL,NULL,'ccbcabe945af5422c165bd6757b341a4','["0000000001","1zilverberktechnieksrlexample","be0000000001","bf424132963f408d8fc5d07f6f03c29b","claes","claes1zilverberktechnieksrlexample","example","liesbeth","liesbethclaes1zilverberktechnieksrlexamp","srl","srlexample","techniek","technieksrlexample","zilverberk","zilverberktechnieksrlexample"]','zilverberk techniek srl',-3018392161736712967,NULL);
INSERT INTO "registration" VALUES('SHOP','bf08119f-05cd-46d6-99a3-7d5757aaf520',8,'linked',1,1,'ded0f1267a166017f9da4a1e7d85353b','4bb0d5b12274a16b113c95fee5b30f6d','{"type":"registration.created","timestamp":"2026-03-02T09:15:00Z","data":{"revision":1,"origin":"SHOP","user_key":"bf08119f-05cd-46d6-99a3-7d5757aaf520","registered_at":"2026-03-02T10:15:00.000000","time_zone":"Europe/Amsterdam","person":{"first_name":"Joris","last_name":"Maes","email":"joris.maes.1@belfort-interieur-sa.example","phone":"+32 2 000 0001","mobile":null,"gender":"male","language":"nl_BE"},"company":{"name":"Belfort Interieur SA","vat":"BE0000000001","coc":"0000000001","web":"https://www.belfort-interieur-sa.example","account_code":null,"phone":"+32 2 000 0001"},"invoice_address":{"name":"Belfort Interieur SA","attention":"Joris Maes","street":"Rue de l''Exemple","street2":null,"house_number":"276","house_number_addition":null,"zip":"7073","city":"Kortrijk","country":"BE","phone":"+32 2 000 0001"},"delivery_address":null,"profiles":[{"account_code":"","addition":"","attention":"Joris Maes","city":"Kortrijk","coc":"0000000001","company_telephone_number":"+32 2 000 0001","country":"BE","create_date":"2026-03-02T10:15:00.000000","delivery":true,"delivery_addition":"","delivery_attention":"","delivery_city":"","delivery_country":"BE","delivery_house_number":"","delivery_name":"","delivery_street1":"","delivery_street2":"","delivery_subdivision":null,"delivery_telephone_number":"","delivery_zip":"","department":"","house_number":"276","id":1004,"industry":null,"modified_date":null,"name":"Belfort Interieur SA","street1":"Rue de l''Exemple","street2":"","subdivision":null,"user":1003,"vat":"BE0000000001","web":"https://www.belfort-interieur-sa.example","zip":"7073"}]}}','m1',1772442900000,'{"attempt":1,"decision":"m1","intended_at":"2026-03-02T09:15:00Z","customers":["C-1"],"customers_before":[],"replace":false,"activation":"mail","settled":true,"mail":"confirmed"}',NULL,0,NULL,1772442900000,NULL,1772442900000,NULL,NULL,1772442900000,'linked',NULL,'mail triggered',1772453880000,NULL,NULL,23,1772442900000,'registration.linked','{"type":"registration.linked","timestamp":"2026-03-02T09:15:00.000Z","data":{"origin":"SHOP","user_key":"bf08119f-05cd-46d6-99a3-7d5757aaf520","revision":1,"decision_id":"m1","customer_keys":["C-1"],"mail":"confirmed"}}',NULL,'a11dbc34246a0ee4fe7cddfc0a189213','["0000000001","1belfortinterieursaexample","be0000000001","belfort","belfortinterieursaexample","bf08119f05cd46d699a37d5757aaf520","c1","example","interieur","interieursaexample","joris","jorismaes1belfortinterieursaexample","maes","maes1belfortinterieursaexample","sa","saexample"]','belfort interieur sa',-433756541582827273,NULL);
INSERT INTO "registration" VALUES('SHOP','97299fca-e720-4345-af47-184b86186fa4',12,'active',1,1,'620ff716fd6765c6cd32134889b657d3','aa861308a856ed0f112d968204baed60','{"type":"registration.created","timestamp":"2026-03-02T09:15:00Z","data":{"revision":1,"origin":"SHOP","user_key":"97299fca-e720-4345-af47-184b86186fa4","registered_at":"2026-03-02T10:15:00.000000","time_zone":"Europe/Amsterdam","person":{"first_name":"Lotte","last_name":"de Vries","email":"lotte.de-vries.1@vuurtoren-gereedschap-bv.example","phone":"+31 20 000 0001","mobile":null,"gender":"male","language":"nl_NL"},"company":{"name":"Vuurtoren Gereedschap B.V.","vat":"NL000000001B00","coc":"00000001","web":"https://www.vuurtoren-gereedschap-bv.example","account_code":null,"phone":"020-0000001"},"invoice_address":{"name":"Vuurtoren Gereedschap B.V.","attention":"Lotte de Vries","street":"Dorpsstraat","street2":null,"house_number":"231","house_number_addition":null,"zip":"1539 DH","city":"Breda","country":"NL","phone":"020-0000001"},"delivery_address":null,"profiles":[{"account_code":"","addition":"","attention":"Lotte de Vries","city":"Breda","coc":"00000001","company_telephone_number":"020-0000001","country":"NL","create_date":"2026-03-02T10:15:00.000000","delivery":true,"delivery_addition":"","delivery_attention":"","delivery_city":"","delivery_country":"NL","delivery_house_number":"","delivery_name":"","delivery_street1":"","delivery_street2":"","delivery_subdivision":null,"delivery_telephone_number":"","delivery_zip":"","department":"","house_number":"231","id":1006,"industry":null,"modified_date":null,"name":"Vuurtoren Gereedschap B.V.","street1":"Dorpsstraat","street2":"","subdivision":null,"user":1005,"vat":"NL000000001B00","web":"https://www.vuurtoren-gereedschap-bv.example","zip":"1539 DH"}]}}','m2',1772442900000,'{"attempt":1,"decision":"m2","intended_at":"2026-03-02T09:15:00Z","customers":["C-2"],"customers_before":[],"replace":false,"activation":"mail","settled":true,"mail":"confirmed"}',NULL,0,NULL,1772442900000,NULL,1772442900000,NULL,NULL,1772453880000,NULL,NULL,NULL,1772442900000,1772446560000,NULL,33,1772446560000,NULL,NULL,NULL,'620ff716fd6765c6cd32134889b657d3','["000000001b00","1vuurtorengereedschapbvexample","97299fcae7204345af47184b86186fa4","b00","bv","bvexample","c2","de","devries1vuurtorengereedschapbvexample","example","gereedschap","gereedschapbvexample","lotte","lottedevries1vuurtorengereedschapbvexamp","nl000000001b00","vries","vries1vuurtorengereedschapbvexample","vuurtoren","vuurtorengereedschapbvexample"]','vuurtoren gereedschap bv',-6359098817898414097,1772446560000);
INSERT INTO "registration" VALUES('SHOP','85fea5c9-0363-4221-bca3-c79508f41507',3,'rejected',1,1,'ea1794d226b11db1c98699106ae3e557','fd9be7c3b8ab88f69d2ce3c73bfa3b76','{"type":"registration.created","timestamp":"2026-03-02T09:15:00Z","data":{"revision":1,"origin":"SHOP","user_key":"85fea5c9-0363-4221-bca3-c79508f41507","registered_at":"2026-03-02T10:15:00.000000","time_zone":"Europe/Amsterdam","person":{"first_name":"Koen","last_name":"Dubois","email":"koen.dubois.1@zilverberk-techniek-sa.example","phone":"+32 2 000 0001","mobile":null,"gender":"female","language":"nl_BE"},"company":{"name":"Zilverberk Techniek SA","vat":"BE0000000001","coc":"0000000001","web":"https://www.zilverberk-techniek-sa.example","account_code":null,"phone":"+32 2 000 0001"},"invoice_address":{"name":"Zilverberk Techniek SA","attention":"Koen Dubois","street":"Kapellelaan","street2":null,"house_number":"244","house_number_addition":"bus 3","zip":"7103","city":"Antwerpen","country":"BE","phone":"+32 2 000 0001"},"delivery_address":null,"profiles":[{"account_code":"","addition":"bus 3","attention":"Koen Dubois","city":"Antwerpen","coc":"0000000001","company_telephone_number":"+32 2 000 0001","country":"BE","create_date":"2026-03-02T10:15:00.000000","delivery":true,"delivery_addition":"","delivery_attention":"","delivery_city":"","delivery_country":"BE","delivery_house_number":"","delivery_name":"","delivery_street1":"","delivery_street2":"","delivery_subdivision":null,"delivery_telephone_number":"","delivery_zip":"","department":"","house_number":"244","id":1008,"industry":null,"modified_date":null,"name":"Zilverberk Techniek SA","street1":"Kapellelaan","street2":"","subdivision":null,"user":1007,"vat":"BE0000000001","web":"https://www.zilverberk-techniek-sa.example","zip":"7103"}]}}','m3',1772442900000,NULL,NULL,0,NULL,1772442900000,NULL,1772442900000,NULL,NULL,1772442900000,'rejected','ERP','unknown company',1772453880000,NULL,NULL,30,1772442900000,NULL,NULL,NULL,'ea1794d226b11db1c98699106ae3e557','["0000000001","1zilverberktechnieksaexample","85fea5c903634221bca3c79508f41507","be0000000001","dubois","dubois1zilverberktechnieksaexample","example","koen","koendubois1zilverberktechnieksaexample","sa","saexample","techniek","technieksaexample","zilverberk","zilverberktechnieksaexample"]','zilverberk techniek sa',4275988135796902885,NULL);
INSERT INTO "registration" VALUES('SHOP','226113c9-f026-4c16-98ba-e5b30d334bd0',4,'gone',1,1,'cc8ae70f114b1dbe0fd00c47c1ab523d','6bc7a58ce0afe023df8fce04b2e070b6','{"type":"registration.created","timestamp":"2026-03-02T09:15:00Z","data":{"revision":1,"origin":"SHOP","user_key":"226113c9-f026-4c16-98ba-e5b30d334bd0","registered_at":"2026-03-02T10:15:00.000000","time_zone":"Europe/Amsterdam","person":{"first_name":"Lotte","last_name":"Bakker","email":"lotte.bakker.1@voorbeeld-groothandel-vof.example","phone":"020-0000001","mobile":null,"gender":"male","language":"nl_NL"},"company":{"name":"Voorbeeld Groothandel V.O.F.","vat":"NL000000001B00","coc":"00000001","web":"https://www.voorbeeld-groothandel-vof.example","account_code":null,"phone":"+31 20 000 0001"},"invoice_address":{"name":"Voorbeeld Groothandel V.O.F.","attention":"Lotte Bakker","street":"Burg. de Bruinelaan","street2":null,"house_number":"362","house_number_addition":null,"zip":"6397 WX","city":"Sneek","country":"NL","phone":"+31 20 000 0001"},"delivery_address":null,"profiles":[{"account_code":"","addition":"","attention":"Lotte Bakker","city":"Sneek","coc":"00000001","company_telephone_number":"+31 20 000 0001","country":"NL","create_date":"2026-03-02T10:15:00.000000","delivery":true,"delivery_addition":"","delivery_attention":"","delivery_city":"","delivery_country":"NL","delivery_house_number":"","delivery_name":"","delivery_street1":"","delivery_street2":"","delivery_subdivision":null,"delivery_telephone_number":"","delivery_zip":"","department":"","house_number":"362","id":1010,"industry":null,"modified_date":null,"name":"Voorbeeld Groothandel V.O.F.","street1":"Burg. de Bruinelaan","street2":"","subdivision":null,"user":1009,"vat":"NL000000001B00","web":"https://www.voorbeeld-groothandel-vof.example","zip":"6397 WX"}]}}',NULL,NULL,NULL,NULL,0,NULL,1772450220000,NULL,1772442900000,NULL,NULL,1772450220000,'gone',NULL,'the shop does not have the user (any more)',1772442900000,1772446560000,NULL,35,1772450220000,NULL,NULL,NULL,'cc8ae70f114b1dbe0fd00c47c1ab523d','["000000001b00","1voorbeeldgroothandelvofexample","226113c9f0264c1698bae5b30d334bd0","b00","bakker","bakker1voorbeeldgroothandelvofexample","example","groothandel","groothandelvofexample","lotte","lottebakker1voorbeeldgroothandelvofexamp","nl000000001b00","vof","vofexample","voorbeeld","voorbeeldgroothandelvofexample"]','voorbeeld groothandel vof',-7597823676546831959,NULL);
INSERT INTO "registration" VALUES('SHOP','57efaedd-9f6c-4fb3-ab9e-0ef9dccfe649',5,'stuck',1,1,'be2120eba32b84345e0ef537d70417fd','43de3932c9bf0eed942dade36b0c2590','{"type":"registration.created","timestamp":"2026-03-02T09:15:00Z","data":{"revision":1,"origin":"SHOP","user_key":"57efaedd-9f6c-4fb3-ab9e-0ef9dccfe649","registered_at":"2026-03-02T10:15:00.000000","time_zone":"Europe/Amsterdam","person":{"first_name":"Koen","last_name":"Jacobs","email":"koen.jacobs.1@de-schelde-outillage-bv.example","phone":"+32 2 000 0001","mobile":null,"gender":"male","language":"nl_BE"},"company":{"name":"De Schelde Outillage BV","vat":"BE0000000001","coc":"0000000001","web":"https://www.de-schelde-outillage-bv.example","account_code":null,"phone":"+32 2 000 0001"},"invoice_address":{"name":"De Schelde Outillage BV","attention":"Koen Jacobs","street":"Rue de l''Exemple","street2":null,"house_number":"193","house_number_addition":null,"zip":"4833","city":"Gent","country":"BE","phone":"+32 2 000 0001"},"delivery_address":null,"profiles":[{"account_code":"","addition":"","attention":"Koen Jacobs","city":"Gent","coc":"0000000001","company_telephone_number":"+32 2 000 0001","country":"BE","create_date":"2026-03-02T10:15:00.000000","delivery":true,"delivery_addition":"","delivery_attention":"","delivery_city":"","delivery_country":"BE","delivery_house_number":"","delivery_name":"","delivery_street1":"","delivery_street2":"","delivery_subdivision":null,"delivery_telephone_number":"","delivery_zip":"","department":"","house_number":"193","id":1012,"industry":null,"modified_date":null,"name":"De Schelde Outillage BV","street1":"Rue de l''Exemple","street2":"","subdivision":null,"user":1011,"vat":"BE0000000001","web":"https://www.de-schelde-outillage-bv.example","zip":"4833"}]}}','m5',1772442900000,NULL,'customer C-7 exists in the shop already, and is not overwritten: approve with existing: true to link it',0,NULL,1772442900000,NULL,1772442900000,NULL,NULL,1772442900000,'stuck',NULL,'customer C-7 exists in the shop already, and is not overwritten: approve with existing: true to link it',1772453880000,NULL,NULL,32,1772442900000,'registration.stuck','{"type":"registration.stuck","timestamp":"2026-03-02T09:15:00.000Z","data":{"origin":"SHOP","user_key":"57efaedd-9f6c-4fb3-ab9e-0ef9dccfe649","revision":1,"decision_id":"m5","customer_keys":[],"reason":"customer C-7 exists in the shop already, and is not overwritten: approve with existing: true to link it"}}',NULL,'be2120eba32b84345e0ef537d70417fd','["0000000001","1descheldeoutillagebvexample","57efaedd9f6c4fb3ab9e0ef9dccfe649","be0000000001","bv","bvexample","de","descheldeoutillagebvexample","example","jacobs","jacobs1descheldeoutillagebvexample","koen","koenjacobs1descheldeoutillagebvexample","outillage","outillagebvexample","schelde","scheldeoutillagebvexample"]','de schelde outillage bv',-714374890525307875,NULL);
INSERT INTO "registration" VALUES('SHOP','65033a4e-ee50-4049-928a-e2d5697640d6',10,'erased',1,1,NULL,NULL,NULL,'m6',1772442900000,'{"attempt":1,"decision":"m6","intended_at":"2026-03-02T09:15:00Z","customers":["C-6"],"customers_before":[],"replace":false,"activation":"mail","settled":true,"mail":"confirmed"}',NULL,0,NULL,1772442900000,NULL,1772442900000,NULL,NULL,1772450220000,'erased','anna',NULL,1772442900000,1772446560000,NULL,36,1772450220000,NULL,NULL,'{"outcome":"active","at":"2026-03-02T11:17:00Z","by":"anna","key":"00000000000000010000000000000002","row":"f247b85783cbcb7850e0b004626b8a89"}',NULL,'["65033a4eee504049928ae2d5697640d6","c6"]','',6328701749450461290,1772446560000);
INSERT INTO "registration" VALUES('SHOP','28065aa8-f428-48bb-96e9-453ed54a88ba',9,'approved',1,1,'96b359af62554b07722d4d5625d1d9a3','af343d6606b9fbbc513cce4f082ff6dd','{"type":"registration.created","timestamp":"2026-03-02T09:15:00Z","data":{"revision":1,"origin":"SHOP","user_key":"28065aa8-f428-48bb-96e9-453ed54a88ba","registered_at":"2026-03-02T10:15:00.000000","time_zone":"Europe/Amsterdam","person":{"first_name":"Gijs","last_name":"Dijkstra","email":"gijs.dijkstra.1@noorderpoort-installaties-holding-bv.example","phone":"+31 20 000 0001","mobile":null,"gender":"male","language":"nl_NL"},"company":{"name":"Noorderpoort Installaties Holding B.V.","vat":"NL000000001B00","coc":"00000001","web":"https://www.noorderpoort-installaties-holding-bv.example","account_code":null,"phone":"020-0000001"},"invoice_address":{"name":"Noorderpoort Installaties Holding B.V.","attention":"Gijs Dijkstra","street":"Lange Nieuwstraat","street2":null,"house_number":"330","house_number_addition":null,"zip":"9200 PX","city":"Sneek","country":"NL","phone":"020-0000001"},"delivery_address":null,"profiles":[{"account_code":"","addition":"","attention":"Gijs Dijkstra","city":"Sneek","coc":"00000001","company_telephone_number":"020-0000001","country":"NL","create_date":"2026-03-02T10:15:00.000000","delivery":true,"delivery_addition":"","delivery_attention":"","delivery_city":"","delivery_country":"NL","delivery_house_number":"","delivery_name":"","delivery_street1":"","delivery_street2":"","delivery_subdivision":null,"delivery_telephone_number":"","delivery_zip":"","department":"","house_number":"330","id":1016,"industry":null,"modified_date":null,"name":"Noorderpoort Installaties Holding B.V.","street1":"Lange Nieuwstraat","street2":"","subdivision":null,"user":1015,"vat":"NL000000001B00","web":"https://www.noorderpoort-installaties-holding-bv.example","zip":"9200 PX"}]}}','m7',1772453880000,NULL,'the shop gave no answer: no answer in time',1,1772453895000,1772453880000,NULL,1772442900000,NULL,NULL,1772453880000,'try failed',NULL,'the shop gave no answer: no answer in time',1772453880000,NULL,1772453880000,42,1772453880000,NULL,NULL,NULL,'96b359af62554b07722d4d5625d1d9a3','["000000001b00","1noorderpoortinstallatiesholdingbvexampl","28065aa8f42848bb96e9453ed54a88ba","b00","bv","bvexample","dijkstra","dijkstra1noorderpoortinstallatiesholding","example","gijs","gijsdijkstra1noorderpoortinstallatieshol","holding","holdingbvexample","installaties","installatiesholdingbvexample","nl000000001b00","noorderpoort","noorderpoortinstallatiesholdingbvexample"]','noorderpoort installaties holding bv',-419784286704364646,NULL);
INSERT INTO "registration" VALUES('SHOP','791032d9-a4f7-4ef3-8ea0-47165f041da2',5,'announced',1,1,'2f470fc236a98f690d98c1bc6c6f9e8f','da858f30eb62255756abafa1d795557e','{"type":"registration.created","timestamp":"2026-03-02T09:15:00Z","data":{"revision":1,"origin":"SHOP","user_key":"791032d9-a4f7-4ef3-8ea0-47165f041da2","registered_at":"2026-03-02T10:15:00.000000","time_zone":"Europe/Amsterdam","person":{"first_name":"Gijs","last_name":"van den Berg","email":"gijs.van-den-berg.1@kanaal-12-techniek-bv.example","phone":"020-0000001","mobile":null,"gender":"male","language":"nl_NL"},"company":{"name":"Kanaal 12 Techniek B.V.","vat":"NL000000001B00","coc":"00000001","web":"https://www.kanaal-12-techniek-bv.example","account_code":null,"phone":"+31 20 000 0001"},"invoice_address":{"name":"Kanaal 12 Techniek B.V.","attention":"Gijs van den Berg","street":"Lange Nieuwstraat","street2":null,"house_number":"381","house_number_addition":null,"zip":"5149 PH","city":"Sneek","country":"NL","phone":"+31 20 000 0001"},"delivery_address":null,"profiles":[{"account_code":"","addition":"","attention":"Gijs van den Berg","city":"Sneek","coc":"00000001","company_telephone_number":"+31 20 000 0001","country":"NL","create_date":"2026-03-02T10:15:00.000000","delivery":true,"delivery_addition":"","delivery_attention":"","delivery_city":"","delivery_country":"NL","delivery_house_number":"","delivery_name":"","delivery_street1":"","delivery_street2":"","delivery_subdivision":null,"delivery_telephone_number":"","delivery_zip":"","department":"","house_number":"381","id":1018,"industry":null,"modified_date":null,"name":"Kanaal 12 Techniek B.V.","street1":"Lange Nieuwstraat","street2":"","subdivision":null,"user":1017,"vat":"NL000000001B00","web":"https://www.kanaal-12-techniek-bv.example","zip":"5149 PH"}]}}',NULL,NULL,NULL,NULL,0,NULL,1772453880000,NULL,1772442900000,NULL,NULL,1772453880000,NULL,NULL,NULL,1772453880000,NULL,NULL,18,1772442900000,NULL,NULL,NULL,'2f470fc236a98f690d98c1bc6c6f9e8f','["000000001b00","12","12techniekbvexample","1kanaal12techniekbvexample","791032d9a4f74ef38ea047165f041da2","b00","berg","berg1kanaal12techniekbvexample","bv","bvexample","den","denberg1kanaal12techniekbvexample","example","gijs","gijsvandenberg1kanaal12techniekbvexample","kanaal","kanaal12techniekbvexample","nl000000001b00","techniek","techniekbvexample","van","vandenberg1kanaal12techniekbvexample"]','kanaal 12 techniek bv',-6148542626902609134,NULL);
INSERT INTO "registration" VALUES('SHOP','a46adeb1-4080-4f4a-b538-82542839ed9e',11,'linked',1,1,'fe5a1b1b6e2ac1e249d1624d370073c9','e415d9fcb87fbc1a011a49d58931debc','{"type":"registration.created","timestamp":"2026-03-02T09:15:00Z","data":{"revision":1,"origin":"SHOP","user_key":"a46adeb1-4080-4f4a-b538-82542839ed9e","registered_at":"2026-03-02T10:15:00.000000","time_zone":"Europe/Amsterdam","person":{"first_name":"Noor","last_name":"Bakker","email":"noor.bakker.1@vuurtoren-horeca-bv.example","phone":"020-0000001","mobile":null,"gender":"female","language":"nl_NL"},"company":{"name":"Vuurtoren Horeca B.V.","vat":"NL000000001B00","coc":"00000001","web":"https://www.vuurtoren-horeca-bv.example","account_code":null,"phone":"020-0000001"},"invoice_address":{"name":"Vuurtoren Horeca B.V.","attention":"Noor Bakker","street":"Dorpsstraat","street2":null,"house_number":"53","house_number_addition":null,"zip":"1511 KL","city":"Groningen","country":"NL","phone":"020-0000001"},"delivery_address":null,"profiles":[{"account_code":"","addition":"","attention":"Noor Bakker","city":"Groningen","coc":"00000001","company_telephone_number":"020-0000001","country":"NL","create_date":"2026-03-02T10:15:00.000000","delivery":true,"delivery_addition":"","delivery_attention":"","delivery_city":"","delivery_country":"NL","delivery_house_number":"","delivery_name":"","delivery_street1":"","delivery_street2":"","delivery_subdivision":null,"delivery_telephone_number":"","delivery_zip":"","department":"","house_number":"53","id":1020,"industry":null,"modified_date":null,"name":"Vuurtoren Horeca B.V.","street1":"Dorpsstraat","street2":"","subdivision":null,"user":1019,"vat":"NL000000001B00","web":"https://www.vuurtoren-horeca-bv.example","zip":"1511 KL"}]}}','m9',1772453880000,'{"attempt":1,"decision":"m9","intended_at":"2026-03-02T12:18:00Z","customers":["C-9"],"customers_before":[],"replace":false,"activation":"mail","settled":true,"mail":"confirmed"}',NULL,0,NULL,1772453880000,NULL,1772442900000,NULL,NULL,1772453880000,'linked',NULL,'mail triggered',1772453880000,NULL,NULL,45,1772453880000,'registration.linked','{"type":"registration.linked","timestamp":"2026-03-02T12:18:00.000Z","data":{"origin":"SHOP","user_key":"a46adeb1-4080-4f4a-b538-82542839ed9e","revision":1,"decision_id":"m9","customer_keys":["C-9"],"mail":"confirmed"}}',NULL,'fe5a1b1b6e2ac1e249d1624d370073c9','["000000001b00","1vuurtorenhorecabvexample","a46adeb140804f4ab53882542839ed9e","b00","bakker","bakker1vuurtorenhorecabvexample","bv","bvexample","c9","example","horeca","horecabvexample","nl000000001b00","noor","noorbakker1vuurtorenhorecabvexample","vuurtoren","vuurtorenhorecabvexample"]','vuurtoren horeca bv',1267714017079553626,NULL);
INSERT INTO "registration" VALUES('SHOP','bbf83318-4be0-48ea-9bb5-f30cc31948fd',2,'stuck',1,0,'7cf69ed8751952902fbdd2c564a19bd0',NULL,'{"type":"registration.created","timestamp":"2026-03-02T12:18:00Z","data":{"revision":1,"origin":"SHOP","user_key":"bbf83318-4be0-48ea-9bb5-f30cc31948fd","registered_at":"2026-03-02T13:18:00.000000","time_zone":"Europe/Amsterdam","person":{"first_name":"Noémie","last_name":"Wouters","email":"noemie.wouters.1@kempen-techniek-sa.example","phone":"02 000 0001","mobile":null,"gender":"male","language":"fr_BE"},"company":{"name":"Kempen Techniek SA","vat":"BE0000000001","coc":"0000000001","web":"https://www.kempen-techniek-sa.example","account_code":null,"phone":"02 000 0001"},"invoice_address":{"name":"Kempen Techniek SA","attention":"Noémie Wouters","street":"Kapellelaan","street2":null,"house_number":"146","house_number_addition":null,"zip":"3748","city":"Liège","country":"BE","phone":"02 000 0001"},"delivery_address":null,"profiles":[{"account_code":"","addition":"","attention":"Noémie Wouters","city":"Liège","coc":"0000000001","company_telephone_number":"02 000 0001","country":"BE","create_date":"2026-03-02T13:18:00.000000","delivery":true,"delivery_addition":"","delivery_attention":"","delivery_city":"","delivery_country":"BE","delivery_house_number":"","delivery_name":"","delivery_street1":"","delivery_street2":"","delivery_subdivision":null,"delivery_telephone_number":"","delivery_zip":"","department":"","house_number":"146","id":1029,"industry":null,"modified_date":null,"name":"Kempen Techniek SA","street1":"Kapellelaan","street2":"","subdivision":null,"user":1028,"vat":"BE0000000001","web":"https://www.kempen-techniek-sa.example","zip":"3748"}]}}',NULL,NULL,NULL,'the ERP refused the registration: error: no such country',0,NULL,1772453880000,NULL,1772453880000,NULL,NULL,1772453880000,'stuck',NULL,'the ERP refused the registration: error: no such country',1772453880000,NULL,NULL,38,1772453880000,NULL,NULL,NULL,'7cf69ed8751952902fbdd2c564a19bd0','["0000000001","1kempentechnieksaexample","bbf833184be048ea9bb5f30cc31948fd","be0000000001","example","kempen","kempentechnieksaexample","noemie","noemiewouters1kempentechnieksaexample","sa","saexample","techniek","technieksaexample","wouters","wouters1kempentechnieksaexample"]','kempen techniek sa',-3999938192485267360,NULL);
INSERT INTO "registration" VALUES('SHOP','7fbb09ea-b8d1-44d7-b867-2edc8b5acacc',2,'seen',1,0,'b68656de412411b75d9e84550af14a5d','132fb25ce60dd9ee03974ffd798cc285','{"type":"registration.created","timestamp":"2026-03-02T12:18:00Z","data":{"revision":1,"origin":"SHOP","user_key":"7fbb09ea-b8d1-44d7-b867-2edc8b5acacc","registered_at":"2026-03-02T13:18:00.000000","time_zone":"Europe/Amsterdam","person":{"first_name":"Sanne","last_name":"Mulder","email":"sanne.mulder.1@zuiderlicht-interieur-bv.example","phone":"+31 20 000 0001","mobile":null,"gender":"female","language":"nl_NL"},"company":{"name":"Zuiderlicht Interieur B.V.","vat":"NL000000001B00","coc":"00000001","web":"https://www.zuiderlicht-interieur-bv.example","account_code":null,"phone":"+31 20 000 0001"},"invoice_address":{"name":"Zuiderlicht Interieur B.V.","attention":"Sanne Mulder","street":"Lange Nieuwstraat","street2":null,"house_number":"393","house_number_addition":null,"zip":"9039 EB","city":"''s-Hertogenbosch","country":"NL","phone":"+31 20 000 0001"},"delivery_address":null,"profiles":[{"account_code":"","addition":"","attention":"Sanne Mulder","city":"''s-Hertogenbosch","coc":"00000001","company_telephone_number":"+31 20 000 0001","country":"NL","create_date":"2026-03-02T13:18:00.000000","delivery":true,"delivery_addition":"","delivery_attention":"","delivery_city":"","delivery_country":"NL","delivery_house_number":"","delivery_name":"","delivery_street1":"","delivery_street2":"","delivery_subdivision":null,"delivery_telephone_number":"","delivery_zip":"","department":"","house_number":"393","id":1031,"industry":null,"modified_date":null,"name":"Zuiderlicht Interieur B.V.","street1":"Lange Nieuwstraat","street2":"","subdivision":null,"user":1030,"vat":"NL000000001B00","web":"https://www.zuiderlicht-interieur-bv.example","zip":"9039 EB"}]}}',NULL,NULL,NULL,'the ERP gave no answer: no answer in time',1,1772453895000,1772453880000,NULL,1772453880000,NULL,NULL,1772453880000,'try failed',NULL,'the ERP gave no answer: no answer in time',1772453880000,NULL,1772453880000,40,1772453880000,NULL,NULL,NULL,'b68656de412411b75d9e84550af14a5d','["000000001b00","1zuiderlichtinterieurbvexample","7fbb09eab8d144d7b8672edc8b5acacc","b00","bv","bvexample","example","interieur","interieurbvexample","mulder","mulder1zuiderlichtinterieurbvexample","nl000000001b00","sanne","sannemulder1zuiderlichtinterieurbvexampl","zuiderlicht","zuiderlichtinterieurbvexample"]','zuiderlicht interieur bv',-8537344232681252601,NULL);
CREATE TABLE restored (
        at INTEGER PRIMARY KEY,
        taken_at INTEGER NOT NULL
    );
CREATE TABLE rewrite (
        origin TEXT NOT NULL,
        customer TEXT NOT NULL,
        user_key TEXT NOT NULL,
        event_id TEXT NOT NULL,
        decided_at INTEGER NOT NULL,
        due_at INTEGER,
        attempts INTEGER NOT NULL,
        failing_since INTEGER,
        result TEXT,
        note TEXT,
        PRIMARY KEY (origin, customer)
    );
INSERT INTO "rewrite" VALUES('SHOP','C-2','97299fca-e720-4345-af47-184b86186fa4','u2',1772453880000,1772453895000,1,1772453880000,NULL,'the shop gave no answer: no answer in time');
CREATE TABLE run (
        number INTEGER PRIMARY KEY,
        began_at INTEGER NOT NULL,
        ended_at INTEGER NOT NULL,
        report TEXT NOT NULL,
        problem TEXT
    );
INSERT INTO "run" VALUES(1,1772442900000,1772442900000,'{"complete":true,"shop_read":true,"pages":2,"rows":20,"unreadable_rows":0,"seen":10,"announced":10,"would_announce":0,"too_old":0,"other_inactive":0,"active":0,"approvals":0,"refused":0,"outcomes":0,"alerts":0,"untold":0,"updates":0,"stuck":0,"postponed":0,"drifted":0,"erased":0,"shop_down":false,"erp_down":false,"problems":[]}',NULL);
INSERT INTO "run" VALUES(2,1772446560000,1772446560000,'{"complete":true,"shop_read":true,"pages":2,"rows":14,"unreadable_rows":0,"seen":0,"announced":0,"would_announce":0,"too_old":0,"other_inactive":0,"active":2,"approvals":0,"refused":0,"outcomes":6,"alerts":1,"untold":0,"updates":0,"stuck":0,"postponed":0,"drifted":0,"erased":0,"shop_down":false,"erp_down":false,"problems":[]}',NULL);
INSERT INTO "run" VALUES(3,1772450220000,1772450220000,'{"complete":true,"shop_read":true,"pages":2,"rows":14,"unreadable_rows":0,"seen":0,"announced":0,"would_announce":0,"too_old":0,"other_inactive":0,"active":0,"approvals":0,"refused":0,"outcomes":0,"alerts":0,"untold":0,"updates":0,"stuck":0,"postponed":0,"drifted":0,"erased":0,"shop_down":false,"erp_down":false,"problems":[]}',NULL);
INSERT INTO "run" VALUES(4,1772450220000,1772450220000,'{"complete":true,"shop_read":true,"pages":2,"rows":14,"unreadable_rows":0,"seen":0,"announced":0,"would_announce":0,"too_old":0,"other_inactive":0,"active":0,"approvals":0,"refused":0,"outcomes":0,"alerts":0,"untold":0,"updates":0,"stuck":0,"postponed":0,"drifted":0,"erased":0,"shop_down":false,"erp_down":false,"problems":[]}',NULL);
INSERT INTO "run" VALUES(5,1772453880000,1772453880000,'{"complete":true,"shop_read":true,"pages":2,"rows":16,"unreadable_rows":0,"seen":1,"announced":0,"would_announce":0,"too_old":0,"other_inactive":0,"active":0,"approvals":0,"refused":0,"outcomes":0,"alerts":1,"untold":0,"updates":0,"stuck":1,"postponed":0,"drifted":0,"erased":0,"shop_down":false,"erp_down":false,"problems":[]}',NULL);
INSERT INTO "run" VALUES(6,1772453880000,1772453880000,'{"complete":true,"shop_read":true,"pages":2,"rows":11,"unreadable_rows":0,"seen":1,"announced":0,"would_announce":0,"too_old":0,"other_inactive":0,"active":0,"approvals":0,"refused":0,"outcomes":0,"alerts":1,"untold":0,"updates":0,"stuck":0,"postponed":1,"drifted":0,"erased":0,"shop_down":false,"erp_down":false,"problems":["the ERP gave no answer: no answer in time"]}','the ERP gave no answer: no answer in time');
CREATE TABLE scan (
        origin TEXT NOT NULL,
        list TEXT NOT NULL,
        state TEXT NOT NULL,
        PRIMARY KEY (origin, list)
    );
INSERT INTO "scan" VALUES('SHOP','created','{"watermark":"2026-03-02T13:18:00","complete_since":"2026-03-02T12:18:00Z","began_at":null,"position":null,"last_row":null,"drifted":false,"latest":null}');
INSERT INTO "scan" VALUES('SHOP','registered','{"watermark":"2026-03-02T13:18:00","complete_since":"2026-03-02T12:18:00Z","began_at":null,"position":null,"last_row":null,"drifted":false,"latest":null}');
CREATE TABLE schema_version (version INTEGER NOT NULL);
INSERT INTO "schema_version" VALUES(18);
CREATE TABLE session (
        print TEXT PRIMARY KEY,
        bound TEXT NOT NULL,
        begun_at INTEGER NOT NULL,
        lapses_at INTEGER NOT NULL
    );
CREATE TABLE signin_code (
        print TEXT PRIMARY KEY,
        bound TEXT NOT NULL,
        lapses_at INTEGER NOT NULL
    );
CREATE TABLE start (
        origin TEXT PRIMARY KEY,
        at INTEGER NOT NULL,
        actor TEXT NOT NULL,
        start_from TEXT
    );
INSERT INTO "start" VALUES('SHOP',1772442900000,'upgrade',NULL);
CREATE TABLE stuck (
        origin TEXT NOT NULL,
        user_key TEXT NOT NULL,
        version INTEGER NOT NULL,
        since INTEGER NOT NULL,
        told INTEGER NOT NULL,
        PRIMARY KEY (origin, user_key)
    );
INSERT INTO "stuck" VALUES('SHOP','57efaedd-9f6c-4fb3-ab9e-0ef9dccfe649',5,1772442900000,1);
INSERT INTO "stuck" VALUES('SHOP','bbf83318-4be0-48ea-9bb5-f30cc31948fd',2,1772453880000,1);
CREATE TABLE tally (
        quarter INTEGER NOT NULL,
        kind TEXT NOT NULL,
        took INTEGER NOT NULL,
        origin TEXT NOT NULL,
        count INTEGER NOT NULL,
        PRIMARY KEY (quarter, kind, took, origin)
    );
INSERT INTO "tally" VALUES(1969381,'registered',0,'SHOP',10);
INSERT INTO "tally" VALUES(1969393,'registered',0,'SHOP',2);
INSERT INTO "tally" VALUES(1969385,'activated',3,'SHOP',2);
CREATE TABLE timeline (
        origin TEXT NOT NULL,
        user_key TEXT NOT NULL,
        version INTEGER NOT NULL,
        at INTEGER NOT NULL,
        event TEXT NOT NULL,
        actor TEXT,
        note TEXT,
        PRIMARY KEY (origin, user_key, version)
    );
INSERT INTO "timeline" VALUES('SHOP','bf424132-963f-408d-8fc5-d07f6f03c29b',1,1772442900000,'seen',NULL,NULL);
INSERT INTO "timeline" VALUES('SHOP','bf424132-963f-408d-8fc5-d07f6f03c29b',2,1772442900000,'announced',NULL,NULL);
INSERT INTO "timeline" VALUES('SHOP','bf08119f-05cd-46d6-99a3-7d5757aaf520',1,1772442900000,'seen',NULL,NULL);
INSERT INTO "timeline" VALUES('SHOP','bf08119f-05cd-46d6-99a3-7d5757aaf520',2,1772442900000,'announced',NULL,NULL);
INSERT INTO "timeline" VALUES('SHOP','97299fca-e720-4345-af47-184b86186fa4',1,1772442900000,'seen',NULL,NULL);
INSERT INTO "timeline" VALUES('SHOP','97299fca-e720-4345-af47-184b86186fa4',2,1772442900000,'announced',NULL,NULL);
INSERT INTO "timeline" VALUES('SHOP','85fea5c9-0363-4221-bca3-c79508f41507',1,1772442900000,'seen',NULL,NULL);
INSERT INTO "timeline" VALUES('SHOP','85fea5c9-0363-4221-bca3-c79508f41507',2,1772442900000,'announced',NULL,NULL);
INSERT INTO "timeline" VALUES('SHOP','226113c9-f026-4c16-98ba-e5b30d334bd0',1,1772442900000,'seen',NULL,NULL);
INSERT INTO "timeline" VALUES('SHOP','226113c9-f026-4c16-98ba-e5b30d334bd0',2,1772442900000,'announced',NULL,NULL);
INSERT INTO "timeline" VALUES('SHOP','57efaedd-9f6c-4fb3-ab9e-0ef9dccfe649',1,1772442900000,'seen',NULL,NULL);
INSERT INTO "timeline" VALUES('SHOP','57efaedd-9f6c-4fb3-ab9e-0ef9dccfe649',2,1772442900000,'announced',NULL,NULL);
INSERT INTO "timeline" VALUES('SHOP','65033a4e-ee50-4049-928a-e2d5697640d6',1,1772442900000,'seen',NULL,NULL);
INSERT INTO "timeline" VALUES('SHOP','65033a4e-ee50-4049-928a-e2d5697640d6',2,1772442900000,'announced',NULL,NULL);
INSERT INTO "timeline" VALUES('SHOP','28065aa8-f428-48bb-96e9-453ed54a88ba',1,1772442900000,'seen',NULL,NULL);
INSERT INTO "timeline" VALUES('SHOP','28065aa8-f428-48bb-96e9-453ed54a88ba',2,1772442900000,'announced',NULL,NULL);
INSERT INTO "timeline" VALUES('SHOP','791032d9-a4f7-4ef3-8ea0-47165f041da2',1,1772442900000,'seen',NULL,NULL);
INSERT INTO "timeline" VALUES('SHOP','791032d9-a4f7-4ef3-8ea0-47165f041da2',2,1772442900000,'announced',NULL,NULL);
INSERT INTO "timeline" VALUES('SHOP','a46adeb1-4080-4f4a-b538-82542839ed9e',1,1772442900000,'seen',NULL,NULL);
INSERT INTO "timeline" VALUES('SHOP','a46adeb1-4080-4f4a-b538-82542839ed9e',2,1772442900000,'announced',NULL,NULL);
INSERT INTO "timeline" VALUES('SHOP','bf08119f-05cd-46d6-99a3-7d5757aaf520',3,1772442900000,'approved','ERP',NULL);
INSERT INTO "timeline" VALUES('SHOP','bf08119f-05cd-46d6-99a3-7d5757aaf520',6,1772442900000,'customer written',NULL,'customer C-1');
INSERT INTO "timeline" VALUES('SHOP','bf08119f-05cd-46d6-99a3-7d5757aaf520',7,1772442900000,'link intended',NULL,NULL);
INSERT INTO "timeline" VALUES('SHOP','bf08119f-05cd-46d6-99a3-7d5757aaf520',8,1772442900000,'linked',NULL,'mail triggered');
INSERT INTO "timeline" VALUES('SHOP','97299fca-e720-4345-af47-184b86186fa4',3,1772442900000,'approved','ERP',NULL);
INSERT INTO "timeline" VALUES('SHOP','97299fca-e720-4345-af47-184b86186fa4',6,1772442900000,'customer written',NULL,'customer C-2');
INSERT INTO "timeline" VALUES('SHOP','97299fca-e720-4345-af47-184b86186fa4',7,1772442900000,'link intended',NULL,NULL);
INSERT INTO "timeline" VALUES('SHOP','97299fca-e720-4345-af47-184b86186fa4',8,1772442900000,'linked',NULL,'mail triggered');
INSERT INTO "timeline" VALUES('SHOP','65033a4e-ee50-4049-928a-e2d5697640d6',3,1772442900000,'approved','ERP',NULL);
INSERT INTO "timeline" VALUES('SHOP','65033a4e-ee50-4049-928a-e2d5697640d6',6,1772442900000,'customer written',NULL,NULL);
INSERT INTO "timeline" VALUES('SHOP','65033a4e-ee50-4049-928a-e2d5697640d6',7,1772442900000,'link intended',NULL,NULL);
INSERT INTO "timeline" VALUES('SHOP','65033a4e-ee50-4049-928a-e2d5697640d6',8,1772442900000,'linked',NULL,NULL);
INSERT INTO "timeline" VALUES('SHOP','85fea5c9-0363-4221-bca3-c79508f41507',3,1772442900000,'rejected','ERP','unknown company');
INSERT INTO "timeline" VALUES('SHOP','57efaedd-9f6c-4fb3-ab9e-0ef9dccfe649',3,1772442900000,'approved','ERP',NULL);
INSERT INTO "timeline" VALUES('SHOP','57efaedd-9f6c-4fb3-ab9e-0ef9dccfe649',5,1772442900000,'stuck',NULL,'customer C-7 exists in the shop already, and is not overwritten: approve with existing: true to link it');
INSERT INTO "timeline" VALUES('SHOP','97299fca-e720-4345-af47-184b86186fa4',9,1772446560000,'active',NULL,NULL);
INSERT INTO "timeline" VALUES('SHOP','226113c9-f026-4c16-98ba-e5b30d334bd0',3,1772446560000,'missing',NULL,NULL);
INSERT INTO "timeline" VALUES('SHOP','65033a4e-ee50-4049-928a-e2d5697640d6',9,1772446560000,'active',NULL,NULL);
INSERT INTO "timeline" VALUES('SHOP','226113c9-f026-4c16-98ba-e5b30d334bd0',4,1772450220000,'gone',NULL,'the shop does not have the user (any more)');
INSERT INTO "timeline" VALUES('SHOP','65033a4e-ee50-4049-928a-e2d5697640d6',10,1772450220000,'erased','anna',NULL);
INSERT INTO "timeline" VALUES('SHOP','bbf83318-4be0-48ea-9bb5-f30cc31948fd',1,1772453880000,'seen',NULL,NULL);
INSERT INTO "timeline" VALUES('SHOP','bbf83318-4be0-48ea-9bb5-f30cc31948fd',2,1772453880000,'stuck',NULL,'the ERP refused the registration: error: no such country');
INSERT INTO "timeline" VALUES('SHOP','7fbb09ea-b8d1-44d7-b867-2edc8b5acacc',1,1772453880000,'seen',NULL,NULL);
INSERT INTO "timeline" VALUES('SHOP','7fbb09ea-b8d1-44d7-b867-2edc8b5acacc',2,1772453880000,'try failed',NULL,'the ERP gave no answer: no answer in time');
INSERT INTO "timeline" VALUES('SHOP','28065aa8-f428-48bb-96e9-453ed54a88ba',6,1772453880000,'approved','ERP',NULL);
INSERT INTO "timeline" VALUES('SHOP','28065aa8-f428-48bb-96e9-453ed54a88ba',9,1772453880000,'try failed',NULL,'the shop gave no answer: no answer in time');
INSERT INTO "timeline" VALUES('SHOP','a46adeb1-4080-4f4a-b538-82542839ed9e',6,1772453880000,'approved','ERP',NULL);
INSERT INTO "timeline" VALUES('SHOP','a46adeb1-4080-4f4a-b538-82542839ed9e',9,1772453880000,'customer written',NULL,'customer C-9');
INSERT INTO "timeline" VALUES('SHOP','a46adeb1-4080-4f4a-b538-82542839ed9e',10,1772453880000,'link intended',NULL,NULL);
INSERT INTO "timeline" VALUES('SHOP','a46adeb1-4080-4f4a-b538-82542839ed9e',11,1772453880000,'linked',NULL,'mail triggered');
CREATE TABLE word (
        word TEXT NOT NULL,
        findable_as INTEGER NOT NULL,
        PRIMARY KEY (word, findable_as)
    ) WITHOUT ROWID;
INSERT INTO "word" VALUES('0000000001',-3999938192485267360);
INSERT INTO "word" VALUES('0000000001',-3018392161736712967);
INSERT INTO "word" VALUES('0000000001',-714374890525307875);
INSERT INTO "word" VALUES('0000000001',-433756541582827273);
INSERT INTO "word" VALUES('0000000001',4275988135796902885);
INSERT INTO "word" VALUES('000000001b00',-8537344232681252601);
INSERT INTO "word" VALUES('000000001b00',-7597823676546831959);
INSERT INTO "word" VALUES('000000001b00',-6359098817898414097);
INSERT INTO "word" VALUES('000000001b00',-6148542626902609134);
INSERT INTO "word" VALUES('000000001b00',-419784286704364646);
INSERT INTO "word" VALUES('000000001b00',1267714017079553626);
INSERT INTO "word" VALUES('12',-6148542626902609134);
INSERT INTO "word" VALUES('12techniekbvexample',-6148542626902609134);
INSERT INTO "word" VALUES('1belfortinterieursaexample',-433756541582827273);
INSERT INTO "word" VALUES('1descheldeoutillagebvexample',-714374890525307875);
INSERT INTO "word" VALUES('1kanaal12techniekbvexample',-6148542626902609134);
INSERT INTO "word" VALUES('1kempentechnieksaexample',-3999938192485267360);
INSERT INTO "word" VALUES('1noorderpoortinstallatiesholdingbvexampl',-419784286704364646);
INSERT INTO "word" VALUES('1voorbeeldgroothandelvofexample',-7597823676546831959);
INSERT INTO "word" VALUES('1vuurtorengereedschapbvexample',-6359098817898414097);
INSERT INTO "word" VALUES('1vuurtorenhorecabvexample',1267714017079553626);
INSERT INTO "word" VALUES('1zilverberktechnieksaexample',4275988135796902885);
INSERT INTO "word" VALUES('1zilverberktechnieksrlexample',-3018392161736712967);
INSERT INTO "word" VALUES('1zuiderlichtinterieurbvexample',-8537344232681252601);
INSERT INTO "word" VALUES('226113c9f0264c1698bae5b30d334bd0',-7597823676546831959);
INSERT INTO "word" VALUES('28065aa8f42848bb96e9453ed54a88ba',-419784286704364646);
INSERT INTO "word" VALUES('57efaedd9f6c4fb3ab9e0ef9dccfe649',-714374890525307875);
INSERT INTO "word" VALUES('65033a4eee504049928ae2d5697640d6',6328701749450461290);
INSERT INTO "word" VALUES('791032d9a4f74ef38ea047165f041da2',-6148542626902609134);
INSERT INTO "word" VALUES('7fbb09eab8d144d7b8672edc8b5acacc',-8537344232681252601);
INSERT INTO "word" VALUES('85fea5c903634221bca3c79508f41507',4275988135796902885);
INSERT INTO "word" VALUES('97299fcae7204345af47184b86186fa4',-6359098817898414097);
INSERT INTO "word" VALUES('a46adeb140804f4ab53882542839ed9e',1267714017079553626);
INSERT INTO "word" VALUES('b00',-8537344232681252601);
INSERT INTO "word" VALUES('b00',-7597823676546831959);
INSERT INTO "word" VALUES('b00',-6359098817898414097);
INSERT INTO "word" VALUES('b00',-6148542626902609134);
INSERT INTO "word" VALUES('b00',-419784286704364646);
INSERT INTO "word" VALUES('b00',1267714017079553626);
INSERT INTO "word" VALUES('bakker',-7597823676546831959);
INSERT INTO "word" VALUES('bakker',1267714017079553626);
INSERT INTO "word" VALUES('bakker1voorbeeldgroothandelvofexample',-7597823676546831959);
INSERT INTO "word" VALUES('bakker1vuurtorenhorecabvexample',1267714017079553626);
INSERT INTO "word" VALUES('bbf833184be048ea9bb5f30cc31948fd',-3999938192485267360);
INSERT INTO "word" VALUES('be0000000001',-3999938192485267360);
INSERT INTO "word" VALUES('be0000000001',-3018392161736712967);
INSERT INTO "word" VALUES('be0000000001',-714374890525307875);
INSERT INTO "word" VALUES('be0000000001',-433756541582827273);
INSERT INTO "word" VALUES('be0000000001',4275988135796902885);
INSERT INTO "word" VALUES('belfort',-433756541582827273);
INSERT INTO "word" VALUES('belfortinterieursaexample',-433756541582827273);
INSERT INTO "word" VALUES('berg',-6148542626902609134);
INSERT INTO "word" VALUES('berg1kanaal12techniekbvexample',-6148542626902609134);
INSERT INTO "word" VALUES('bf08119f05cd46d699a37d5757aaf520',-433756541582827273);
INSERT INTO "word" VALUES('bf424132963f408d8fc5d07f6f03c29b',-3018392161736712967);
INSERT INTO "word" VALUES('bv',-8537344232681252601);
INSERT INTO "word" VALUES('bv',-6359098817898414097);
INSERT INTO "word" VALUES('bv',-6148542626902609134);
INSERT INTO "word" VALUES('bv',-714374890525307875);
INSERT INTO "word" VALUES('bv',-419784286704364646);
INSERT INTO "word" VALUES('bv',1267714017079553626);
INSERT INTO "word" VALUES('bvexample',-8537344232681252601);
INSERT INTO "word" VALUES('bvexample',-6359098817898414097);
INSERT INTO "word" VALUES('bvexample',-6148542626902609134);
INSERT INTO "word" VALUES('bvexample',-714374890525307875);
INSERT INTO "word" VALUES('bvexample',-419784286704364646);
INSERT INTO "word" VALUES('bvexample',1267714017079553626);
INSERT INTO "word" VALUES('c1',-433756541582827273);
INSERT INTO "word" VALUES('c2',-6359098817898414097);
INSERT INTO "word" VALUES('c6',6328701749450461290);
INSERT INTO "word" VALUES('c9',1267714017079553626);
INSERT INTO "word" VALUES('claes',-3018392161736712967);
INSERT INTO "word" VALUES('claes1zilverberktechnieksrlexample',-3018392161736712967);
INSERT INTO "word" VALUES('de',-6359098817898414097);
INSERT INTO "word" VALUES('de',-714374890525307875);
INSERT INTO "word" VALUES('den',-6148542626902609134);
INSERT INTO "word" VALUES('denberg1kanaal12techniekbvexample',-6148542626902609134);
INSERT INTO "word" VALUES('descheldeoutillagebvexample',-714374890525307875);
INSERT INTO "word" VALUES('devries1vuurtorengereedschapbvexample',-6359098817898414097);
INSERT INTO "word" VALUES('dijkstra',-419784286704364646);
INSERT INTO "word" VALUES('dijkstra1noorderpoortinstallatiesholding',-419784286704364646);
INSERT INTO "word" VALUES('dubois',4275988135796902885);
INSERT INTO "word" VALUES('dubois1zilverberktechnieksaexample',4275988135796902885);
INSERT INTO "word" VALUES('example',-8537344232681252601);
INSERT INTO "word" VALUES('example',-7597823676546831959);
INSERT INTO "word" VALUES('example',-6359098817898414097);
INSERT INTO "word" VALUES('example',-6148542626902609134);
INSERT INTO "word" VALUES('example',-3999938192485267360);
INSERT INTO "word" VALUES('example',-3018392161736712967);
INSERT INTO "word" VALUES('example',-714374890525307875);
INSERT INTO "word" VALUES('example',-433756541582827273);
INSERT INTO "word" VALUES('example',-419784286704364646);
INSERT INTO "word" VALUES('example',1267714017079553626);
INSERT INTO "word" VALUES('example',4275988135796902885);
INSERT INTO "word" VALUES('gereedschap',-6359098817898414097);
INSERT INTO "word" VALUES('gereedschapbvexample',-6359098817898414097);
INSERT INTO "word" VALUES('gijs',-6148542626902609134);
INSERT INTO "word" VALUES('gijs',-419784286704364646);
INSERT INTO "word" VALUES('gijsdijkstra1noorderpoortinstallatieshol',-419784286704364646);
INSERT INTO "word" VALUES('gijsvandenberg1kanaal12techniekbvexample',-6148542626902609134);
INSERT INTO "word" VALUES('groothandel',-7597823676546831959);
INSERT INTO "word" VALUES('groothandelvofexample',-7597823676546831959);
INSERT INTO "word" VALUES('holding',-419784286704364646);
INSERT INTO "word" VALUES('holdingbvexample',-419784286704364646);
INSERT INTO "word" VALUES('horeca',1267714017079553626);
INSERT INTO "word" VALUES('horecabvexample',1267714017079553626);
INSERT INTO "word" VALUES('installaties',-419784286704364646);
INSERT INTO "word" VALUES('installatiesholdingbvexample',-419784286704364646);
INSERT INTO "word" VALUES('interieur',-8537344232681252601);
INSERT INTO "word" VALUES('interieur',-433756541582827273);
INSERT INTO "word" VALUES('interieurbvexample',-8537344232681252601);
INSERT INTO "word" VALUES('interieursaexample',-433756541582827273);
INSERT INTO "word" VALUES('jacobs',-714374890525307875);
INSERT INTO "word" VALUES('jacobs1descheldeoutillagebvexample',-714374890525307875);
INSERT INTO "word" VALUES('joris',-433756541582827273);
INSERT INTO "word" VALUES('jorismaes1belfortinterieursaexample',-433756541582827273);
INSERT INTO "word" VALUES('kanaal',-6148542626902609134);
INSERT INTO "word" VALUES('kanaal12techniekbvexample',-6148542626902609134);
INSERT INTO "word" VALUES('kempen',-3999938192485267360);
INSERT INTO "word" VALUES('kempentechnieksaexample',-3999938192485267360);
INSERT INTO "word" VALUES('koen',-714374890525307875);
INSERT INTO "word" VALUES('koen',4275988135796902885);
INSERT INTO "word" VALUES('koendubois1zilverberktechnieksaexample',4275988135796902885);
INSERT INTO "word" VALUES('koenjacobs1descheldeoutillagebvexample',-714374890525307875);
INSERT INTO "word" VALUES('liesbeth',-3018392161736712967);
INSERT INTO "word" VALUES('liesbethclaes1zilverberktechnieksrlexamp',-3018392161736712967);
INSERT INTO "word" VALUES('lotte',-7597823676546831959);
INSERT INTO "word" VALUES('lotte',-6359098817898414097);
INSERT INTO "word" VALUES('lottebakker1voorbeeldgroothandelvofexamp',-7597823676546831959);
INSERT INTO "word" VALUES('lottedevries1vuurtorengereedschapbvexamp',-6359098817898414097);
INSERT INTO "word" VALUES('maes',-433756541582827273);
INSERT INTO "word" VALUES('maes1belfortinterieursaexample',-433756541582827273);
INSERT INTO "word" VALUES('mulder',-8537344232681252601);
INSERT INTO "word" VALUES('mulder1zuiderlichtinterieurbvexample',-8537344232681252601);
INSERT INTO "word" VALUES('nl000000001b00',-8537344232681252601);
INSERT INTO "word" VALUES('nl000000001b00',-7597823676546831959);
INSERT INTO "word" VALUES('nl000000001b00',-6359098817898414097);
INSERT INTO "word" VALUES('nl000000001b00',-6148542626902609134);
INSERT INTO "word" VALUES('nl000000001b00',-419784286704364646);
INSERT INTO "word" VALUES('nl000000001b00',1267714017079553626);
INSERT INTO "word" VALUES('noemie',-3999938192485267360);
INSERT INTO "word" VALUES('noemiewouters1kempentechnieksaexample',-3999938192485267360);
INSERT INTO "word" VALUES('noor',1267714017079553626);
INSERT INTO "word" VALUES('noorbakker1vuurtorenhorecabvexample',1267714017079553626);
INSERT INTO "word" VALUES('noorderpoort',-419784286704364646);
INSERT INTO "word" VALUES('noorderpoortinstallatiesholdingbvexample',-419784286704364646);
INSERT INTO "word" VALUES('outillage',-714374890525307875);
INSERT INTO "word" VALUES('outillagebvexample',-714374890525307875);
INSERT INTO "word" VALUES('sa',-3999938192485267360);
INSERT INTO "word" VALUES('sa',-433756541582827273);
INSERT INTO "word" VALUES('sa',4275988135796902885);
INSERT INTO "word" VALUES('saexample',-3999938192485267360);
INSERT INTO "word" VALUES('saexample',-433756541582827273);
INSERT INTO "word" VALUES('saexample',4275988135796902885);
INSERT INTO "word" VALUES('sanne',-8537344232681252601);
INSERT INTO "word" VALUES('sannemulder1zuiderlichtinterieurbvexampl',-8537344232681252601);
INSERT INTO "word" VALUES('schelde',-714374890525307875);
INSERT INTO "word" VALUES('scheldeoutillagebvexample',-714374890525307875);
INSERT INTO "word" VALUES('srl',-3018392161736712967);
INSERT INTO "word" VALUES('srlexample',-3018392161736712967);
INSERT INTO "word" VALUES('techniek',-6148542626902609134);
INSERT INTO "word" VALUES('techniek',-3999938192485267360);
INSERT INTO "word" VALUES('techniek',-3018392161736712967);
INSERT INTO "word" VALUES('techniek',4275988135796902885);
INSERT INTO "word" VALUES('techniekbvexample',-6148542626902609134);
INSERT INTO "word" VALUES('technieksaexample',-3999938192485267360);
INSERT INTO "word" VALUES('technieksaexample',4275988135796902885);
INSERT INTO "word" VALUES('technieksrlexample',-3018392161736712967);
INSERT INTO "word" VALUES('van',-6148542626902609134);
INSERT INTO "word" VALUES('vandenberg1kanaal12techniekbvexample',-6148542626902609134);
INSERT INTO "word" VALUES('vof',-7597823676546831959);
INSERT INTO "word" VALUES('vofexample',-7597823676546831959);
INSERT INTO "word" VALUES('voorbeeld',-7597823676546831959);
INSERT INTO "word" VALUES('voorbeeldgroothandelvofexample',-7597823676546831959);
INSERT INTO "word" VALUES('vries',-6359098817898414097);
INSERT INTO "word" VALUES('vries1vuurtorengereedschapbvexample',-6359098817898414097);
INSERT INTO "word" VALUES('vuurtoren',-6359098817898414097);
INSERT INTO "word" VALUES('vuurtoren',1267714017079553626);
INSERT INTO "word" VALUES('vuurtorengereedschapbvexample',-6359098817898414097);
INSERT INTO "word" VALUES('vuurtorenhorecabvexample',1267714017079553626);
INSERT INTO "word" VALUES('wouters',-3999938192485267360);
INSERT INTO "word" VALUES('wouters1kempentechnieksaexample',-3999938192485267360);
INSERT INTO "word" VALUES('zilverberk',-3018392161736712967);
INSERT INTO "word" VALUES('zilverberk',4275988135796902885);
INSERT INTO "word" VALUES('zilverberktechnieksaexample',4275988135796902885);
INSERT INTO "word" VALUES('zilverberktechnieksrlexample',-3018392161736712967);
INSERT INTO "word" VALUES('zuiderlicht',-8537344232681252601);
INSERT INTO "word" VALUES('zuiderlichtinterieurbvexample',-8537344232681252601);
CREATE INDEX registration_checked ON registration (origin, checked_at) WHERE state = 'announced';
CREATE INDEX registration_listed ON registration (origin, listed)
        WHERE state IN ('seen', 'announced', 'linked', 'stuck');
CREATE INDEX inbox_waiting ON inbox (received_at) WHERE outcome IS NULL;
CREATE INDEX registration_turn ON registration (attempts, due_at, origin, user_key) WHERE due_at IS NOT NULL;
CREATE INDEX registration_change ON registration (change, origin);
CREATE INDEX registration_state_change ON registration (state, change, origin);
CREATE INDEX registration_shown ON registration (shown_at, change);
CREATE INDEX registration_age ON registration (origin, state, first_seen, decided_at);
CREATE INDEX registration_untold ON registration (origin) WHERE due_at IS NOT NULL AND told < revision;
CREATE INDEX outgoing_turn ON outgoing (receiver, attempts, due_at, origin, topic, number)
        WHERE due_at IS NOT NULL;
CREATE INDEX stuck_untold ON stuck (since, origin, user_key) WHERE told = 0;
CREATE INDEX rewrite_for ON rewrite (origin, user_key);
CREATE INDEX rewrite_turn ON rewrite (attempts, due_at, origin, customer) WHERE due_at IS NOT NULL;
CREATE INDEX inbox_about ON inbox (origin, user_key);
CREATE INDEX party_of ON party (origin, user_key);
CREATE INDEX registration_finished ON registration (changed_at) WHERE state IN ('active', 'rejected', 'gone');
CREATE INDEX registration_findable_as ON registration (findable_as);
CREATE INDEX registration_first_seen ON registration (first_seen, origin, user_key);
CREATE INDEX registration_company ON registration (company, origin, user_key);
CREATE INDEX registration_wordless ON registration (origin, user_key) WHERE words IS NULL;
CREATE INDEX session_lapsed ON session (lapses_at);
CREATE INDEX signin_code_lapsed ON signin_code (lapses_at);
CREATE TRIGGER timeline_of_new AFTER INSERT ON registration WHEN NEW.event IS NOT NULL BEGIN
        INSERT INTO timeline VALUES (NEW.origin, NEW.user_key, NEW.version, NEW.changed_at, NEW.event, NEW.event_actor, NEW.event_note);
    END;
CREATE TRIGGER timeline_of_change AFTER UPDATE OF version ON registration WHEN NEW.event IS NOT NULL BEGIN
        INSERT INTO timeline VALUES (NEW.origin, NEW.user_key, NEW.version, NEW.changed_at, NEW.event, NEW.event_actor, NEW.event_note);
    END;
CREATE TRIGGER timeline_of_forgotten AFTER DELETE ON registration BEGIN
        DELETE FROM timeline WHERE origin = OLD.origin AND user_key = OLD.user_key;
    END;
CREATE TRIGGER change_of_new AFTER INSERT ON registration BEGIN
            UPDATE counter SET value = value + 1 WHERE name = 'change';
            UPDATE registration SET change = (SELECT value FROM counter WHERE name = 'change'), shown_at = NEW.changed_at
            WHERE origin = NEW.origin AND user_key = NEW.user_key;
        END;
CREATE TRIGGER change_of_known AFTER UPDATE OF version ON registration
        WHEN NEW.state IS NOT OLD.state OR NEW.reason IS NOT OLD.reason OR NEW.revision IS NOT OLD.revision
            OR NEW.message IS NOT OLD.message OR NEW.link IS NOT OLD.link BEGIN
            UPDATE counter SET value = value + 1 WHERE name = 'change';
            UPDATE registration SET change = (SELECT value FROM counter WHERE name = 'change'), shown_at = NEW.changed_at
            WHERE origin = NEW.origin AND user_key = NEW.user_key;
        END;
CREATE TRIGGER outcome_of_change AFTER UPDATE OF version ON registration
        WHEN NEW.outcome_kind IS NOT NULL
            AND (NEW.outcome_kind <> 'registration.stuck' OR OLD.state <> 'stuck' OR OLD.reason IS NOT NEW.reason) BEGIN
        INSERT INTO outgoing (receiver, origin, topic, number, kind, body, at, due_at, attempts) VALUES
            ('erp', NEW.origin, NEW.user_key, NEW.version, NEW.outcome_kind, NEW.outcome_body, NEW.changed_at, NEW.changed_at, 0);
    END;
CREATE TRIGGER stuck_new AFTER INSERT ON registration WHEN NEW.state = 'stuck' BEGIN
        INSERT INTO stuck VALUES (NEW.origin, NEW.user_key, NEW.version, NEW.changed_at, 0);
    END;
CREATE TRIGGER stuck_now AFTER UPDATE OF version ON registration
        WHEN NEW.state = 'stuck' AND (OLD.state <> 'stuck' OR OLD.reason IS NOT NEW.reason) BEGIN
        DELETE FROM stuck WHERE origin = NEW.origin AND user_key = NEW.user_key;
        INSERT INTO stuck VALUES (NEW.origin, NEW.user_key, NEW.version, NEW.changed_at, 0);
    END;
CREATE TRIGGER stuck_no_more AFTER UPDATE OF version ON registration
        WHEN OLD.state = 'stuck' AND NEW.state <> 'stuck' BEGIN
        DELETE FROM stuck WHERE origin = NEW.origin AND user_key = NEW.user_key;
    END;
CREATE TRIGGER rest_of_forgotten AFTER DELETE ON registration BEGIN
        DELETE FROM stuck WHERE origin = OLD.origin AND user_key = OLD.user_key;
        DELETE FROM outgoing WHERE receiver = 'erp' AND origin = OLD.origin AND topic = OLD.user_key;
    END;
CREATE TRIGGER alert_of_new AFTER INSERT ON alert BEGIN
        INSERT INTO outgoing (receiver, origin, topic, number, kind, body, at, due_at, attempts) VALUES
            ('alert', NEW.origin, NEW.kind, NEW.number, 'alert', NEW.body, NEW.told_at, NEW.told_at, 0);
    END;
CREATE TRIGGER alert_of_change AFTER UPDATE OF number ON alert BEGIN
        INSERT INTO outgoing (receiver, origin, topic, number, kind, body, at, due_at, attempts) VALUES
            ('alert', NEW.origin, NEW.kind, NEW.number, 'alert', NEW.body, NEW.told_at, NEW.told_at, 0);
        DELETE FROM outgoing WHERE receiver = 'alert' AND origin = NEW.origin AND topic = NEW.kind
            AND number < NEW.number - 20 AND due_at IS NULL;
    END;
CREATE TRIGGER erase_listing AFTER UPDATE OF version ON registration WHEN NEW.state = 'erased' BEGIN UPDATE registration SET listed_print = NULL WHERE origin = NEW.origin AND user_key = NEW.user_key; END;
CREATE TRIGGER erase_timeline AFTER UPDATE OF version ON registration WHEN NEW.state = 'erased' BEGIN UPDATE timeline SET note = NULL WHERE origin = NEW.origin AND user_key = NEW.user_key; END;
CREATE TRIGGER erase_inbox AFTER UPDATE OF version ON registration WHEN NEW.state = 'erased' BEGIN UPDATE inbox SET body = '', outcome = CASE WHEN actor <> 'ERP' AND substr(id, 1, 4) IN ('act_', 'dec_') THEN 'refused' ELSE outcome END WHERE origin = NEW.origin AND user_key = NEW.user_key; END;
CREATE TRIGGER erase_party AFTER UPDATE OF version ON registration WHEN NEW.state = 'erased' BEGIN UPDATE party SET print = '' WHERE origin = NEW.origin AND user_key = NEW.user_key; END;
CREATE TRIGGER erase_outgoing AFTER UPDATE OF version ON registration WHEN NEW.state = 'erased' BEGIN UPDATE outgoing SET note = NULL, body = CASE WHEN kind IN ('registration.linked', 'registration.activated') THEN body ELSE '' END, due_at = CASE WHEN kind IN ('registration.linked', 'registration.activated') THEN due_at END, result = CASE WHEN kind IN ('registration.linked', 'registration.activated') OR due_at IS NULL THEN result ELSE 'given up' END WHERE origin = NEW.origin AND receiver = 'erp' AND topic = NEW.user_key; END;
CREATE TRIGGER erase_rewrite AFTER UPDATE OF version ON registration WHEN NEW.state = 'erased' BEGIN UPDATE rewrite SET note = NULL WHERE origin = NEW.origin AND user_key = NEW.user_key; END;
CREATE TRIGGER erase_alert AFTER UPDATE OF version ON registration WHEN NEW.state = 'erased' BEGIN
        UPDATE alert SET body = '' WHERE instr(body, json_quote(NEW.user_key)) > 0;
    END;
CREATE TRIGGER erase_called AFTER UPDATE OF version ON registration WHEN NEW.state = 'erased' BEGIN
        UPDATE outgoing SET body = '', note = NULL, due_at = NULL
        WHERE receiver = 'alert' AND instr(body, json_quote(NEW.user_key)) > 0;
    END;
CREATE TRIGGER word_of_new AFTER INSERT ON registration WHEN NEW.words IS NOT NULL BEGIN
        INSERT INTO word SELECT value, NEW.findable_as FROM json_each(NEW.words) WHERE TRUE ON CONFLICT DO NOTHING;
    END;
CREATE TRIGGER word_of_change AFTER UPDATE OF words ON registration WHEN NEW.words IS NOT OLD.words BEGIN
        DELETE FROM word WHERE findable_as = OLD.findable_as AND word IN (SELECT value FROM json_each(OLD.words));
        INSERT INTO word SELECT value, NEW.findable_as FROM json_each(NEW.words) WHERE TRUE ON CONFLICT DO NOTHING;
    END;
CREATE TRIGGER word_of_forgotten AFTER DELETE ON registration BEGIN
        DELETE FROM word WHERE findable_as = OLD.findable_as AND word IN (SELECT value FROM json_each(OLD.words));
    END;
CREATE TRIGGER tally_of_new AFTER INSERT ON registration BEGIN
        INSERT INTO tally VALUES (NEW.first_seen / 900000, 'registered', 0, NEW.origin, 1)
            ON CONFLICT DO UPDATE SET count = count + 1;
    END;
CREATE TRIGGER tally_of_active AFTER UPDATE OF version ON registration
        WHEN NEW.state = 'active' AND OLD.active_since IS NULL BEGIN
        INSERT INTO tally VALUES (NEW.changed_at / 900000, 'activated', ((NEW.changed_at - NEW.first_seen >= 900000) + (NEW.changed_at - NEW.first_seen >= 1800000) + (NEW.changed_at - NEW.first_seen >= 3600000) + (NEW.changed_at - NEW.first_seen >= 7200000) + (NEW.changed_at - NEW.first_seen >= 14400000) + (NEW.changed_at - NEW.first_seen >= 28800000) + (NEW.changed_at - NEW.first_seen >= 57600000) + (NEW.changed_at - NEW.first_seen >= 86400000) + (NEW.changed_at - NEW.first_seen >= 172800000) + (NEW.changed_at - NEW.first_seen >= 259200000) + (NEW.changed_at - NEW.first_seen >= 432000000) + (NEW.changed_at - NEW.first_seen >= 604800000) + (NEW.changed_at - NEW.first_seen >= 1209600000) + (NEW.changed_at - NEW.first_seen >= 2592000000)), NEW.origin, 1) ON CONFLICT DO UPDATE SET count = count + 1;
        UPDATE registration SET active_since = NEW.changed_at WHERE origin = NEW.origin AND user_key = NEW.user_key;
    END;
CREATE TRIGGER tally_of_forgotten AFTER DELETE ON registration BEGIN
        UPDATE tally SET count = count - 1
        WHERE quarter = OLD.first_seen / 900000 AND kind = 'registered' AND took = 0 AND origin = OLD.origin;
    END;
COMMIT;
